import {
  acceptedContent,
  inputRequired,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { McpTool } from '../../../src/api/mcp/call/mcp-tool.js';
import { nameForm, text, tool } from './suite-tools.js';

type States = Pick<RequestStateCodec<any>, 'mint'>;

const confirm = inputRequired.elicit({
  message: 'Please confirm',
  requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
});
const color = inputRequired.elicit({
  message: 'Step 2: What is your favorite color?',
  requestedSchema: {
    type: 'object',
    properties: { color: { type: 'string' } },
    required: ['color'],
  },
});

const answered = ({ mcpReq }: ServerContext, key: string) =>
  acceptedContent(mcpReq.inputResponses, key);

/** Tools whose state travels through the client: signed by the same codec as the kernel's. */
export const stateTools = (states: () => States): McpTool[] => [
  ...['test_input_required_result_request_state', 'test_input_required_result_tampered_state'].map(
    (name) =>
      tool(name, async (_args, context) => {
        const state = context.mcpReq.requestState();
        if (answered(context, 'confirm') && state) return text('state-ok');
        const requestState = await states().mint({ round: 1 }, context);
        return inputRequired({ inputRequests: { confirm }, requestState });
      }),
  ),
  tool('test_input_required_result_multi_round', async (_args, context) => {
    const state = context.mcpReq.requestState<{ name?: string }>();
    const step1 = answered(context, 'step1')?.['name'];
    if (state?.name && answered(context, 'step2')) return text(`${state.name} is done`);
    if (state && step1) {
      const requestState = await states().mint({ name: step1 }, context);
      return inputRequired({ inputRequests: { step2: color }, requestState });
    }
    const requestState = await states().mint({ round: 1 }, context);
    return inputRequired({
      inputRequests: { step1: nameForm('Step 1: What is your name?') },
      requestState,
    });
  }),
  tool('test_input_required_result_multiple_inputs', async (_args, context) => {
    const { inputResponses } = context.mcpReq;
    const keys = ['user_name', 'greeting', 'client_roots'];
    if (context.mcpReq.requestState() && keys.every((key) => inputResponses?.[key]))
      return text('all there');
    const greeting = inputRequired.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'Generate a greeting' } }],
      maxTokens: 50,
    });
    const inputRequests = {
      user_name: nameForm(),
      greeting,
      client_roots: inputRequired.listRoots(),
    };
    return inputRequired({
      inputRequests,
      requestState: await states().mint({ round: 1 }, context),
    });
  }),
];
