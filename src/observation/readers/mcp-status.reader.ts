import type { DataSource } from 'typeorm';
import type { McpServerRow } from '../../platform/database/entities/mcp/mcp-server.row.js';

const LIVE = `SELECT state.* FROM mcp_server_states state JOIN workers ON workers.id = state.worker_id
  WHERE workers.seen_at > now() - interval '15 seconds' ORDER BY state.server, state.worker_id`;

/** The state of an MCP server, combined from the reports of all live workers. */
export interface McpStatus {
  server: string;
  /** The worst state that a live worker reports; `disconnected` when none reports. */
  state: McpServerRow['state'];
  reason: string | null;
  since: Date | null;
  transport: McpServerRow['transport'] | null;
  /** False when a live worker runs the server outside the sandbox; null for HTTP, or when no worker reports. */
  jailed: boolean | null;
  /** The MCP version that a live worker negotiated; null when none did. */
  protocol_version: string | null;
  /** Problems that live workers had with the server's tools, without duplicates. */
  warnings: string[];
  workers: McpServerRow[];
}

const BADNESS: Record<McpServerRow['state'], number> = {
  connected: 0,
  degraded: 1,
  disconnected: 2,
};

export class McpStatusReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Every configured server, and every other that a live worker reports, by name. */
  async all(configured: Iterable<string>): Promise<McpStatus[]> {
    const rows = await this.dataSource.query<McpServerRow[]>(LIVE);
    const byServer = Map.groupBy(rows, (row) => row.server);
    const names = new Set([...configured, ...byServer.keys()]);
    return [...names].sort().map((server) => statusOf(server, byServer.get(server) ?? []));
  }
}

function statusOf(server: string, workers: McpServerRow[]): McpStatus {
  const worst = workers.toSorted((a, b) => BADNESS[b.state] - BADNESS[a.state])[0];
  return {
    server,
    state: worst?.state ?? 'disconnected',
    reason: worst ? worst.reason : 'no live worker reports its state',
    since: worst?.since ?? null,
    transport: worst?.transport ?? null,
    jailed: jailedBy(workers),
    protocol_version: workers.find((each) => each.protocol_version)?.protocol_version ?? null,
    warnings: [...new Set(workers.flatMap(({ warnings }) => warnings))],
    workers,
  };
}

function jailedBy(workers: readonly McpServerRow[]): boolean | null {
  const said = workers.map(({ jailed }) => jailed).filter((jailed) => jailed !== null);
  return said.length > 0 ? said.every(Boolean) : null;
}
