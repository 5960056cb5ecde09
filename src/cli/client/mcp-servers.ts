import type { Json } from '../../contracts/json/json.js';
import type { ApiClient } from './api-client.js';
import { DOCUMENTS } from './documents.js';
import type { Session } from './session.js';

/** A tool of an MCP server, as the API returns it. */
export interface ToolView {
  name: string;
  description: string | null;
  inputSchema: Json;
}

/** An MCP server, as the API returns it. */
export interface ServerView {
  id: string;
  state: string;
  reason: string | null;
  since: string | null;
  transport: string | null;
  jailed: boolean | null;
  protocolVersion: string | null;
  /** Problems of the server's tools that could not be read. */
  warnings: string[];
  tools: ToolView[];
  workers: { workerId: string; state: string; latencyMs: number | null }[];
}

/** Fetches every configured MCP server with its state and tools. */
export async function fetchServers(api: ApiClient): Promise<ServerView[]> {
  return (await api.graphql<{ mcpServers: ServerView[] }>(DOCUMENTS.servers)).mcpServers;
}

/**
 * Prints the problems of tools that could not be read; with `--json` they are
 * part of the servers.
 */
export function warnOfTools(session: Session, servers: readonly ServerView[]): void {
  if (session.json) return;
  for (const { id, warnings } of servers) {
    for (const warning of warnings) session.note(`${id}: ${warning}`);
  }
}
