import { isObject, type Json } from '../../../contracts/json/json.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import {
  fetchServers,
  warnOfTools,
  type ServerView,
  type ToolView,
} from '../../client/mcp-servers.js';
import { firstLine } from '../../render/run.js';
import { table } from '../../render/table.js';

/** `mission mcp tools [SERVER]`. With `--json` one line per tool. */
export const listTools: Handler = async (session, [name]) => {
  const servers = choose(await fetchServers(await session.api()), name);
  const tools = servers.flatMap(({ id, tools: each }) =>
    each.map((tool) => ({ server: id, ...tool })),
  );
  const row = (tool: ToolView & { server: string }) => [
    tool.server,
    tool.name,
    argumentsOf(tool.inputSchema),
    firstLine(tool.description ?? '', 70),
  ];
  if (session.json) tools.forEach((tool) => session.result(tool, String));
  else if (tools.length === 0) session.note('no tools; see mission mcp list');
  else
    session.result(tools, () =>
      table(['SERVER', 'TOOL', 'ARGUMENTS', 'DESCRIPTION'], tools.map(row), session.columns),
    );
  warnOfTools(session, servers);
  return EXIT.done;
};

function choose(servers: ServerView[], name: string | undefined): ServerView[] {
  const chosen = servers.filter(({ id }) => name === undefined || id === name);
  if (chosen.length > 0 || name === undefined) return chosen;
  const known = servers.map(({ id }) => id).join(', ') || 'none';
  throw new CliError(
    EXIT.usage,
    'not_found',
    `there is no MCP server ${name}; configured: ${known}`,
  );
}

/** Lists the names of the arguments; optional ones end with a question mark. */
function argumentsOf(schema: Json): string {
  if (!isObject(schema) || !isObject(schema['properties'] ?? null)) return '';
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const names = Object.keys(schema['properties'] as object);
  return names.map((name) => (required.includes(name) ? name : `${name}?`)).join(' ');
}
