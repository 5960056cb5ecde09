// The client of the conformance suite: connects as a worker does, lists the tools, and calls each of them.
// Usage: node suite-client.mjs DIST URL, with the suite's variables in the environment.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, url] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, 'tools/mcp', file)).href);
const { McpConnection } = await load('mcp-connection.js');
const { callTool } = await load('call-tool.js');
const { MCP_TIMES } = await load('mcp-times.js');

const { toolCalls } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const VALUES = { string: 'text', number: 3, integer: 3, boolean: true, array: [], object: {} };

/** Arguments that fit a tool's schema. */
const fitting = ({ properties = {} }) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, VALUES[type] ?? 'text']),
  );

const never = () => {
  throw new Error('nothing is started here');
};
const nothing = () => undefined;
const modern = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION === '2026-07-28';
const config = { transport: 'http', url, headers: {}, negotiation: modern ? 'auto' : 'legacy' };
const events = { secret: never, onStatus: nothing, onLines: nothing, onWarning: nothing };
const connection = new McpConnection('suite', 'w', config, { start: never }, MCP_TIMES, events);
await connection.connect();
const calls =
  toolCalls ??
  connection.status.tools.map(({ name, inputSchema }) => ({
    name,
    arguments: fitting(inputSchema),
  }));
for (const { name, arguments: args } of calls)
  await callTool(connection, name, args, { timeoutMs: 10_000 }).catch((error) =>
    console.error(name, error.message),
  );
await connection.stop();
