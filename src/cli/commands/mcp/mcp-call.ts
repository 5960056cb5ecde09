import { holdsJson } from '../../../contracts/json/holds-json.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { ApiClient } from '../../client/api-client.js';
import { EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { readArgument } from '../../terminal/argument-value.js';
import { readObject, splitPair } from '../../terminal/inputs.js';
import { fetchServers } from '../../client/mcp-servers.js';
import { pretty } from '../../render/run.js';

/**
 * `mission mcp call SERVER TOOL`: prints the tool's result; a failed tool exits
 * with 1.
 */
export const callTool: Handler = async (session, [server, tool], { arg, args }) => {
  const api = await session.api();
  const given = typeof args === 'string' ? readObject('--args', args) : {};
  const pairs = (arg as string[] | undefined) ?? [];
  const schema = pairs.length > 0 ? await inputSchema(api, server!, tool!) : null;
  const variables = {
    server: server!,
    tool: tool!,
    arguments: { ...given, ...readPairs(pairs, schema) },
  };
  const { callMcpTool: result } = await api.graphql<{ callMcpTool: Json }>(
    DOCUMENTS.call,
    variables,
  );
  session.result(result, () => (typeof result === 'string' ? result : pretty(result)));
  if (typeof result === 'string') session.note(`text, not structured${hintOf(result)}`);
  return EXIT.done;
};

/**
 * A hint for a text that contains JSON: a directive cannot read its fields
 * directly.
 */
const hintOf = (text: string): string =>
  holdsJson(text) ? ': a directive reads a field of it with parse_json(result).name' : '';

/**
 * Reads the arguments by the tool's own schema, so that a text that looks like
 * a number stays a text.
 */
const readPairs = (pairs: string[], schema: Json): JsonObject =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [name, text] = splitPair('--arg', pair);
      const properties = isObject(schema) ? (schema['properties'] ?? null) : null;
      const own =
        isObject(properties) && Object.hasOwn(properties, name) ? properties[name]! : null;
      return [name, readArgument(`--arg ${name}`, text, own, schema)];
    }),
  );

async function inputSchema(api: ApiClient, server: string, tool: string): Promise<Json> {
  const tools = (await fetchServers(api)).find(({ id }) => id === server)?.tools ?? [];
  return tools.find(({ name }) => name === tool)?.inputSchema ?? null;
}
