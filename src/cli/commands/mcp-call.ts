import { isObject, type Json, type JsonObject } from '../../contracts/json.js';
import type { InputType } from '../../contracts/plan.js';
import type { ApiClient } from '../api-client.js';
import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { DOCUMENTS } from '../documents.js';
import { readObject, readValue, splitPair } from '../inputs.js';
import { fetchServers } from '../mcp-servers.js';
import { pretty } from '../render/run.js';

const TYPES: readonly unknown[] = ['string', 'integer', 'number', 'boolean', 'object', 'array'];

/** `mission mcp call SERVER TOOL`: the tool's result; a tool that fails exits 1. */
export const callTool: Handler = async (session, [server, tool], { arg, args }) => {
  const api = await session.api();
  const given = typeof args === 'string' ? readObject('--args', args) : {};
  const pairs = (arg as string[] | undefined) ?? [];
  const types = pairs.length > 0 ? await argumentTypes(api, server!, tool!) : {};
  const variables = {
    server: server!,
    tool: tool!,
    arguments: { ...given, ...readPairs(pairs, types) },
  };
  const { callMcpTool: result } = await api.graphql<{ callMcpTool: Json }>(
    DOCUMENTS.call,
    variables,
  );
  session.result(result, () => (typeof result === 'string' ? result : pretty(result)));
  return EXIT.done;
};

const readPairs = (pairs: string[], types: Record<string, InputType>): JsonObject =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [name, text] = splitPair('--arg', pair);
      return [name, readValue(`--arg ${name}`, text, types[name])];
    }),
  );

/** The types that the tool's own schema declares, so that a string that looks like a number stays one. */
async function argumentTypes(
  api: ApiClient,
  server: string,
  tool: string,
): Promise<Record<string, InputType>> {
  const tools = (await fetchServers(api)).find(({ id }) => id === server)?.tools ?? [];
  const schema = tools.find(({ name }) => name === tool)?.inputSchema ?? null;
  const properties = isObject(schema) ? schema['properties'] : null;
  const entries = Object.entries(isObject(properties ?? null) ? (properties as JsonObject) : {});
  return Object.fromEntries(
    entries.flatMap(([name, each]) =>
      isObject(each) && TYPES.includes(each['type']) ? [[name, each['type'] as InputType]] : [],
    ),
  );
}
