import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ListToolsResultSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../contracts/json.js';
import type { McpTool } from '../../contracts/mcp.js';

const MAX_PAGES = 20;
const MAX_TOOLS = 1_000;
const MAX_TEXT = 2_000;
const MAX_SCHEMA_BYTES = 32 * 1024;

/**
 * The tools of a server, at most 1,000. Asked for by a plain request: the SDK's own method compiles the
 * schemas that the server sends into code.
 */
export async function listTools(client: Client, timeout: number): Promise<McpTool[]> {
  if (!client.getServerCapabilities()?.tools) return [];
  const tools: McpTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && tools.length < MAX_TOOLS; page += 1) {
    const request = { method: 'tools/list' as const, params: cursor ? { cursor } : {} };
    const result = await client.request(request, ListToolsResultSchema, { timeout });
    tools.push(...result.tools.map(toTool));
    cursor = result.nextCursor;
    if (cursor === undefined) break;
  }
  return tools.slice(0, MAX_TOOLS);
}

function toTool({ name, description, inputSchema: schema }: Tool): McpTool {
  const small = JSON.stringify(schema).length <= MAX_SCHEMA_BYTES;
  const tool = {
    name: name.slice(0, MAX_TEXT),
    inputSchema: (small ? schema : { type: 'object' }) as JsonObject,
  };
  return description === undefined
    ? tool
    : { ...tool, description: description.slice(0, MAX_TEXT) };
}
