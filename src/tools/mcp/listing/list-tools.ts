import type { Client } from '@modelcontextprotocol/client';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { McpTool } from '../../../contracts/mcp.js';
import { errorText } from '../wire/error-text.js';
import { RAW_RESULT } from '../wire/raw-result.js';
import { readTool } from './read-tool.js';

/** The tools of a server, as far as they could be read. */
export interface ToolList {
  tools: McpTool[];
  /**
   * Problems of the listed tools, for people; each with the name of the tool.
   */
  warnings: string[];
  /** False when the server has more tools than the limit. */
  isWhole: boolean;
  /** The reason why further pages could not be read. */
  fault?: string;
}

const MAX_TOOLS = 1_000;
const MAX_WARNINGS = 50;
/** A server that ignores the cursor may send the same page for ever. */
const MAX_IDLE_PAGES = 10;

/**
 * Lists the tools of a server, at most 1,000, each name once. A tool that
 * cannot be read, or a page that fails, does not hide the others. This uses
 * plain requests, because the SDK's own method compiles the schemas that the
 * server sends into code.
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
    // A server without tools need not support the request.
    if (list.tools.length > 0 || client.getServerCapabilities()?.tools) {
      list.fault = `its tools cannot be listed: ${errorText(error)}`;
    }
  }
  return { ...list, warnings: cut(list.warnings) };
}

/** Adds the new tools; returns false when there is none. */
function add(list: ToolList, entries: readonly Json[]): boolean {
  const { tools, warnings } = list;
  const before = tools.length;
  const names = new Set(tools.map(({ name }) => name));
  for (const entry of entries) {
    const { tool, warnings: found } = readTool(entry);
    if (!tool || !names.has(tool.name)) warnings.push(...found);
    if (tool && !names.has(tool.name)) tools.push(tool);
    if (tool) names.add(tool.name);
  }
  if (tools.length <= MAX_TOOLS) return tools.length > before;
  tools.length = MAX_TOOLS;
  list.isWhole = false;
  warnings.unshift(
    `the server has more than ${MAX_TOOLS} tools; the others are not listed, but can be called`,
  );
  return true;
}

/**
 * Yields the entries of each page, until there is no cursor, a repeated one, or
 * enough entries.
 */
async function* pages(client: Client, timeout: number): AsyncGenerator<Json[]> {
  const seen = new Set<Json | undefined>();
  let cursor: Json | undefined;
  for (let count = 0; count <= MAX_TOOLS;) {
    const params = cursor === undefined ? {} : { cursor };
    const request = { method: 'tools/list', params };
    const page = await client.request(request, RAW_RESULT, { timeout });
    const entries = entriesOf(page);
    yield entries;
    // Empty pages count as well, so that an endless list of them ends.
    count += Math.max(1, entries.length);
    seen.add(cursor);
    cursor = cursorOf(page);
    if (cursor === undefined || seen.has(cursor)) return;
  }
}

/**
 * The cursor of the next page. Servers send null, false or an empty text where
 * there is none.
 */
function cursorOf(page: Json): Json | undefined {
  const { nextCursor } = isObject(page) ? page : ({} as JsonObject);
  const isCursor = typeof nextCursor === 'string' || typeof nextCursor === 'number';
  return isCursor && nextCursor !== '' ? nextCursor : undefined;
}

/**
 * The list of tools in a page. PHP sends a list with gaps as an object, Go an
 * empty one as null.
 * @throws Error when there is no list
 */
function entriesOf(page: Json): Json[] {
  const tools = isObject(page) ? page['tools'] : page;
  if (Array.isArray(tools)) return tools;
  if (isObject(tools)) return Object.values(tools);
  if (tools === null) return [];
  throw new Error('its answer contains no list of tools');
}

const cut = (warnings: string[]): string[] => {
  const more = warnings.length - MAX_WARNINGS;
  return more > 0 ? [...warnings.slice(0, MAX_WARNINGS), `… and ${more} more`] : warnings;
};
