import type { Json } from '../../contracts/json/json.js';
import type { ApiClient } from './api-client.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';

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
  protocolVersion: string | null;
  /** What of its tools cannot be read. */
  warnings: string[];
  tools: ToolView[];
  workers: { workerId: string; state: string; latencyMs: number | null }[];
}

/** Every configured MCP server with its state and tools. */
export async function fetchServers(api: ApiClient): Promise<ServerView[]> {
  return (await api.graphql<{ mcpServers: ServerView[] }>(DOCUMENTS.servers)).mcpServers;
}

/** Names the tools that could not be read, or not as they stand; under `--json` the servers have them. */
export function warnOfTools(session: Session, servers: readonly ServerView[]): void {
  if (session.json) return;
  for (const { id, warnings } of servers) {
    for (const warning of warnings) session.note(`${id}: ${warning}`);
  }
}
