import {
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { McpTool, ToolAnswer } from './call/mcp-tool.js';
import { TASKS_EXTENSION } from './call/mcp-caller-context.js';
import { argumentsOf } from './tools/verb-tools.js';

/** The revisions of MCP that are served. */
const VERSIONS = ['2026-07-28', '2025-11-25', '2025-06-18'];
/** Milliseconds for which a client may keep a list: the verbs change with a new version only. */
const LIST_TTL_MS = 60_000;
const CACHE = { ttlMs: LIST_TTL_MS, cacheScope: 'private' as const };

const INSTRUCTIONS = `Mission Control runs directives: workflows that survive crashes. Search for a directive, look at its inputs in the answer, execute it with action "run". A call waits at most 20 seconds: an answer with status "running" has the id of the run, and load(item_type "execution", item_id, wait_seconds 20) waits on. Closing a call ends the wait, never the run. help tells more.`;

export interface McpServerOptions {
  version: string;
  /** The tools of this request's caller. */
  tools: McpTool[];
  /** Verifies a state that a client sends back; throws for a forged one. */
  verifyState(state: string, context: ServerContext): Promise<unknown>;
  /** Answers a failure of a tool; an unexpected one is masked and logged. */
  onFailure(error: unknown): ToolAnswer;
}

/** Creates the server for one request. It keeps nothing between requests. */
export function createMcpServer({
  version,
  tools,
  verifyState,
  onFailure,
}: McpServerOptions): McpServer {
  const server = new McpServer(
    { name: 'mission-control', title: 'Mission Control', version },
    {
      supportedProtocolVersions: VERSIONS,
      instructions: INSTRUCTIONS,
      capabilities: { tools: { listChanged: false }, extensions: { [TASKS_EXTENSION]: {} } },
      cacheHints: { 'tools/list': CACHE, 'server/discover': CACHE },
      requestState: { verify: verifyState },
    },
  );
  server.server.setRequestHandler('tools/list', () => ({
    tools: tools.map(({ definition }) => definition),
  }));
  server.server.setRequestHandler('tools/call', ({ params }, context) =>
    callTool(toolIn(tools, params.name), argumentsOf(params.arguments), context).catch(
      (error: unknown) => {
        if (error instanceof ProtocolError) throw error;
        return onFailure(error);
      },
    ),
  );
  return server;
}

const callTool = async (
  tool: McpTool,
  args: ReturnType<typeof argumentsOf>,
  context: ServerContext,
) => tool.call(args, context);

function toolIn(tools: McpTool[], name: string): McpTool {
  const found = tools.find(({ definition }) => definition.name === name);
  if (found) return found;
  const names = tools.map(({ definition }) => definition.name).join(', ');
  const text = `Tool ${name.slice(0, 100)} not found: there are ${names.slice(0, 500)}.`;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, text);
}
