import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { didYouMean } from '../../language/text/nearest.js';
import { withLimits } from '../with-limits.js';
import type { McpCallOptions } from './calls.js';
import type { McpConnection } from './mcp-connection.js';
import { isUndelivered, mcpFailure } from './mcp-failure.js';

const ANY = { type: 'object' };

/**
 * Calls a tool. If the server is disconnected, one attempt to connect is made,
 * and a request that cannot have reached the server is sent again.
 * @throws MissionError `mcp_error`, `mcp_disconnected`, `timeout`, `cancelled`
 */
export async function callTool(
  connection: McpConnection,
  tool: string,
  args: JsonObject,
  options: McpCallOptions,
): Promise<Json> {
  try {
    return await callAlive(connection, tool, args, options);
  } catch (error) {
    const { server } = connection.status;
    throw mcpFailure(error, { server, tool, timeoutMs: options.timeoutMs });
  }
}

async function callAlive(
  connection: McpConnection,
  tool: string,
  args: JsonObject,
  options: McpCallOptions,
): Promise<Json> {
  const end = performance.now() + options.timeoutMs;
  const left = () => {
    const timeoutMs = Math.max(1, end - performance.now());
    const { maxTimeoutMs } = options;
    const max = maxTimeoutMs && maxTimeoutMs - (options.timeoutMs - timeoutMs);
    return { ...options, timeoutMs, ...(max && { maxTimeoutMs: max }) };
  };
  const wasDown = connection.status.state === 'disconnected';
  if (wasDown) await connectWithin(connection, left());
  await requireTool(connection, tool);
  try {
    return await send(connection, tool, args, left());
  } catch (error) {
    if (wasDown || !isUndelivered(error)) throw error;
  }
  await connectWithin(connection, left());
  return send(connection, tool, args, left());
}

async function send(
  connection: McpConnection,
  tool: string,
  args: JsonObject,
  options: McpCallOptions,
): Promise<Json> {
  const { session, status, calls } = connection;
  if (!session) throw connection.disconnected(status.reason ?? 'not connected');
  const known = status.tools.find(({ name }) => name === tool);
  return calls.send(session, known ?? { name: tool, inputSchema: ANY }, args, options);
}

function connectWithin(connection: McpConnection, options: McpCallOptions): Promise<void> {
  const { timeoutMs, signal = new AbortController().signal } = options;
  return withLimits(connection.connect(), {
    ms: timeoutMs,
    signal,
    late: () => connection.disconnected('no connection within the timeout of the call'),
    cancelled: () => new MissionError('cancelled', 'the call was cancelled'),
    stop: () => undefined,
  });
}

/**
 * Refuses an unknown tool after a fresh look at the list: servers announce new
 * tools late or never.
 */
async function requireTool(connection: McpConnection, tool: string): Promise<void> {
  if (hasTool(connection, tool)) return;
  await connection.refresh();
  if (hasTool(connection, tool)) return;
  const { server, tools } = connection.status;
  const names = tools.map(({ name }) => name);
  const hint = didYouMean(tool, names) ?? `it has ${names.slice(0, 20).join(', ')}`;
  const message = `MCP server ${server} has no tool "${tool}"; ${hint}`;
  throw new MissionError('mcp_error', message, { server, tool });
}

/**
 * Whether a server has a tool; a server whose list is incomplete may have any
 * tool.
 */
const hasTool = ({ status: { tools }, knowsTools }: McpConnection, tool: string) =>
  !knowsTools || tools.some(({ name }) => name === tool);
