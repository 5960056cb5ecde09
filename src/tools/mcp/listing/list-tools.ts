import type { Client } from '@modelcontextprotocol/client';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { McpTool } from '../../../contracts/mcp.js';
import { errorText } from '../wire/error-text.js';
import { RAW_RESULT } from '../wire/raw-result.js';
import { readTool } from './read-tool.js';

/** What could be read of a server's list of tools. */
export interface ToolList {
  tools: McpTool[];
  /** What could not, or not as it stands: for people, each with the name of the tool. */
  warnings: string[];
  /** False when the server has more than we take. */
  isWhole: boolean;
  /** Why the rest could not be had. */
  fault?: string;
}

const MAX_TOOLS = 1_000;
const MAX_WARNINGS = 50;
/** A server that does not look at the cursor may send the same for ever. */
const MAX_IDLE_PAGES = 10;

/**
 * The tools of a server, at most 1,000, each name once. One that cannot be read, or one page that fails, hides no other.
 * Asked for by plain requests: the SDK's own method compiles the schemas that the server sends into code.
 */
export async function listTools(client: Client, timeout: number): Promise<ToolList> {
  const list: ToolList = { tools: [], warnings: [], isWhole: true };
  try {
    let idle = 0;
    for await (const entries of pages(client, timeout)) {
      idle = add(list, entries) ? 0 : idle + 1;
      if (idle === MAX_IDLE_PAGES) break;
    }
  } catch (error) {
    // A server without tools need not know the question.
    if (list.tools.length > 0 || client.getServerCapabilities()?.tools) {
      list.fault = `its tools cannot be listed: ${errorText(error)}`;
    }
  }
  return { ...list, warnings: cut(list.warnings) };
}

/** False when the entries have no new tool. */
function add(list: ToolList, entries: readonly Json[]): boolean {
  const { tools, warnings } = list;
  const before = tools.length;
  const names = new Set(tools.map(({ name }) => name));
  for (const entry of entries) {
    const { tool, warnings: told } = readTool(entry);
    if (!tool || !names.has(tool.name)) warnings.push(...told);
    if (tool && !names.has(tool.name)) tools.push(tool);
    if (tool) names.add(tool.name);
  }
  if (tools.length <= MAX_TOOLS) return tools.length > before;
  tools.length = MAX_TOOLS;
  list.isWhole = false;
  warnings.unshift(
    `it has more tools than the ${MAX_TOOLS} that are listed; the others can be called`,
  );
  return true;
}

/** Each page's entries, until there is no cursor, one that has been before, or enough. */
async function* pages(client: Client, timeout: number): AsyncGenerator<Json[]> {
  const seen = new Set<Json | undefined>();
  let cursor: Json | undefined;
  for (let count = 0; count <= MAX_TOOLS;) {
    const params = cursor === undefined ? {} : { cursor };
    const request = { method: 'tools/list', params };
    const page = await client.request(request, RAW_RESULT, { timeout });
    const entries = entriesOf(page);
    yield entries;
    // An endless list of empty pages comes to an end as well.
    count += Math.max(1, entries.length);
    seen.add(cursor);
    cursor = cursorOf(page);
    if (cursor === undefined || seen.has(cursor)) return;
  }
}

/** Servers write null, false or an empty text where there is no further page. */
function cursorOf(page: Json): Json | undefined {
  const { nextCursor } = isObject(page) ? page : ({} as JsonObject);
  const isCursor = typeof nextCursor === 'string' || typeof nextCursor === 'number';
  return isCursor && nextCursor !== '' ? nextCursor : undefined;
}

/** PHP writes a list with holes as a map, Go an empty one as null. @throws Error when there is no list */
function entriesOf(page: Json): Json[] {
  const tools = isObject(page) ? page['tools'] : page;
  if (Array.isArray(tools)) return tools;
  if (isObject(tools)) return Object.values(tools);
  if (tools === null) return [];
  throw new Error('its answer has no list of tools');
}

const cut = (warnings: string[]): string[] => {
  const more = warnings.length - MAX_WARNINGS;
  return more > 0 ? [...warnings.slice(0, MAX_WARNINGS), `… and ${more} more`] : warnings;
};
