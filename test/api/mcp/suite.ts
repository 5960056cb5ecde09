import {
  acceptedContent,
  fromJsonSchema,
  inputRequired,
  ResourceTemplate,
  type McpServer,
} from '@modelcontextprotocol/server';
import type { McpExtension } from '../../../src/api/mcp/mcp-endpoint.js';
import { stateTools } from './suite-state-tools.js';
import { PLAIN_TOOLS, PNG } from './suite-tools.js';

const said = (...content: any[]) => ({
  messages: content.map((each) => ({ role: 'user' as const, content: each })),
});
const words = (text: string) => ({ type: 'text', text });
const texts = (...names: string[]) =>
  fromJsonSchema<any>({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
  });

function prompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'Simple' }, () =>
    said(words('This is a simple prompt for testing.')),
  );
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'Two arguments', argsSchema: texts('arg1', 'arg2') },
    ({ arg1, arg2 }: any) => said(words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A resource', argsSchema: texts('resourceUri') },
    ({ resourceUri: uri }: any) => {
      const resource = {
        uri,
        mimeType: 'text/plain',
        text: 'Embedded resource content for testing.',
      };
      return said(
        { type: 'resource', resource },
        words('Please process the embedded resource above.'),
      );
    },
  );
  server.registerPrompt('test_prompt_with_image', { description: 'An image' }, () =>
    said(
      { type: 'image', data: PNG, mimeType: 'image/png' },
      words('Please analyze the image above.'),
    ),
  );
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks' },
    (context: any) => {
      const context_ = acceptedContent(context.mcpReq.inputResponses, 'user_context');
      if (context_) return said(words(JSON.stringify(context_)));
      const requestedSchema = {
        type: 'object',
        properties: { context: { type: 'string' } },
        required: ['context'],
      };
      const user_context = inputRequired.elicit({
        message: 'What context should the prompt use?',
        requestedSchema: requestedSchema as never,
      });
      return inputRequired({ inputRequests: { user_context } }) as never;
    },
  );
}

function resources(server: McpServer): void {
  const read = (uri: string, content: object) => ({ contents: [{ uri, ...content } as never] });
  server.registerResource('text', 'test://static-text', { mimeType: 'text/plain' }, ({ href }) =>
    read(href, {
      mimeType: 'text/plain',
      text: 'This is the content of the static text resource.',
    }),
  );
  server.registerResource('binary', 'test://static-binary', { mimeType: 'image/png' }, ({ href }) =>
    read(href, { mimeType: 'image/png', blob: PNG }),
  );
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource(
    'template',
    template,
    { mimeType: 'application/json' },
    ({ href }, { id }) =>
      read(href, {
        mimeType: 'application/json',
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
      }),
  );
}

/** What the conformance suite expects of a server, beside the kernel's four tools. */
export const suiteExtension = (states: Parameters<typeof stateTools>[0]): McpExtension => ({
  tools: [...PLAIN_TOOLS, ...stateTools(states)],
  register(server) {
    const listChanged = false;
    server.server.registerCapabilities({ prompts: { listChanged }, resources: { listChanged } });
    prompts(server);
    resources(server);
    server.server.registerCapabilities({ completions: {}, logging: {} });
    server.server.setRequestHandler('completion/complete', () => ({
      completion: { values: [], hasMore: false },
    }));
  },
});
