import { setTimeout as sleep } from 'node:timers/promises';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  MissingRequiredClientCapabilityError,
  type CallToolResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { McpTool, ToolAnswer } from '../../../src/api/mcp/call/mcp-tool.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';

/** A PNG of one pixel, and a WAV without a sample. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const text = (value: string): CallToolResult => ({
  content: [{ type: 'text', text: value }],
});

const png = { type: 'image' as const, data: PNG, mimeType: 'image/png' };
const resource = (uri: string, mimeType: string, content: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: content },
});

export const tool = (
  name: string,
  call: (args: JsonObject, context: ServerContext) => ToolAnswer | Promise<ToolAnswer>,
  inputSchema: JsonObject = { type: 'object' },
): McpTool => ({
  definition: { name, description: `The suite's ${name}.`, inputSchema: inputSchema as never },
  call: async (args, context) => call(args, context),
});

async function progress(_args: JsonObject, { mcpReq }: ServerContext): Promise<CallToolResult> {
  const progressToken = mcpReq._meta?.progressToken;
  for (const done of [0, 50, 100]) {
    const params = { progressToken: progressToken!, progress: done, total: 100 };
    if (progressToken !== undefined)
      await mcpReq.notify({ method: 'notifications/progress', params });
    await sleep(50);
  }
  return text('done');
}

async function logging(_args: JsonObject, { mcpReq }: ServerContext): Promise<CallToolResult> {
  for (const data of [
    'Tool execution started',
    'Tool processing data',
    'Tool execution completed',
  ]) {
    await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
    await sleep(50);
  }
  return text('done');
}

function missingCapability(_args: JsonObject, { mcpReq }: ServerContext): CallToolResult {
  const declared = (mcpReq.envelope as any)?.[CLIENT_CAPABILITIES_META_KEY];
  if (declared?.sampling) return text('declared');
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
}

const field = (name: string, type = 'string') =>
  ({ type: 'object', properties: { [name]: { type } }, required: [name] }) as never;

export const nameForm = (message = 'What is your name?') =>
  inputRequired.elicit({ message, requestedSchema: field('name') });

/** Asks for a name until it is there. */
function askName(_args: JsonObject, { mcpReq }: ServerContext): ToolAnswer {
  const name = acceptedContent(mcpReq.inputResponses, 'user_name')?.['name'];
  if (typeof name === 'string') return text(`Hello, ${name}!`);
  return inputRequired({ inputRequests: { user_name: nameForm() } });
}

const sampling = (words: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: words } }],
    maxTokens,
  });

function askModel(_args: JsonObject, { mcpReq }: ServerContext): ToolAnswer {
  const answer = mcpReq.inputResponses?.['capital_question'] as any;
  if (answer?.content) return text(JSON.stringify(answer.content));
  const capital_question = sampling('What is the capital of France?', 100);
  return inputRequired({ inputRequests: { capital_question } });
}

function askRoots(_args: JsonObject, { mcpReq }: ServerContext): ToolAnswer {
  const answer = mcpReq.inputResponses?.['client_roots'] as any;
  if (answer?.roots) return text(JSON.stringify(answer.roots));
  return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
}

function askWhatIsDeclared(_args: JsonObject, { mcpReq }: ServerContext): ToolAnswer {
  const declared = (mcpReq.envelope as any)?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
  const inputRequests = {
    ...(declared.sampling && { model: sampling('Say hello', 50) }),
    ...(declared.elicitation && { user_name: nameForm() }),
  };
  return Object.keys(inputRequests).length === 0
    ? text('nothing to ask')
    : inputRequired({ inputRequests });
}

/** The suite's schema with words of JSON Schema 2020-12. */
const SCHEMA_2020: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

export const PLAIN_TOOLS: McpTool[] = [
  tool('test_simple_text', () => text('This is a simple text response for testing.')),
  tool('test_image_content', () => ({ content: [png] })),
  tool('test_audio_content', () => ({
    content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  })),
  tool('test_embedded_resource', () => ({
    content: [
      resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ],
  })),
  tool('test_multiple_content_types', () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      png,
      resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  })),
  tool('test_error_handling', () => ({
    ...text('This tool intentionally returns an error for testing'),
    isError: true,
  })),
  tool('test_tool_with_progress', progress),
  tool('test_tool_with_logging', logging),
  tool('test_missing_capability', missingCapability),
  tool('test_input_required_result_elicitation', askName),
  tool('test_input_required_result_sampling', askModel),
  tool('test_input_required_result_list_roots', askRoots),
  tool('test_input_required_result_capabilities', askWhatIsDeclared),
  tool('json_schema_2020_12_tool', () => text('ok'), SCHEMA_2020),
  tool('test_logging_tool', async (_args, { mcpReq }) => {
    await mcpReq.log('info', 'only for clients that ask for it');
    return text('ok');
  }),
  tool('test_streaming_elicitation', askName),
];
