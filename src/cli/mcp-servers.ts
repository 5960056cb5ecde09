import type { Json } from '../contracts/json.js';
import type { ApiClient } from './api-client.js';
import { DOCUMENTS } from './documents.js';

/** A tool of an MCP server, as the API gives it. */
export interface ToolView {
  name: string;
  description: string | null;
  inputSchema: Json;
}

/** An MCP server, as the API gives it. */
export interface ServerView {
  id: string;
  state: string;
  reason: string | null;
  since: string | null;
  transport: string | null;
  jailed: boolean | null;
  tools: ToolView[];
  workers: { workerId: string; state: string; latencyMs: number | null }[];
}

/** Every configured MCP server with its state and tools. */
export async function fetchServers(api: ApiClient): Promise<ServerView[]> {
  return (await api.graphql<{ mcpServers: ServerView[] }>(DOCUMENTS.servers)).mcpServers;
}
