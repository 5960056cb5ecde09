import type { DataSource } from 'typeorm';
import type { McpServerStatus } from '../../contracts/mcp.js';
import type { Recorder } from '../../observation/record.js';

/** Losses of one server in an hour that are healed; what comes after them is for a person. */
const MOST_PER_HOUR = 3;

const RECENT = `SELECT count(*) FILTER (WHERE created_at > now() - interval '1 hour')::int AS recent,
    bool_or(status = 'open') AS open
  FROM alerts WHERE kind = 'mcp_disconnected' AND subject = $1`;
const RESOLVE = `UPDATE alerts SET status = 'resolved'
  WHERE kind = 'mcp_disconnected' AND subject = $1 AND status = 'open'`;

/** Raises an alert when the connection to a server is lost, and resolves it when the server is back. */
export class McpAlerts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly recorder: Recorder,
  ) {}

  /** Called at each change of state. */
  async changed({ server, state, reason, worker_id, since }: McpServerStatus): Promise<void> {
    const subject = `mcp:${server}`;
    if (state === 'connected') await this.dataSource.query(RESOLVE, [subject]);
    if (state !== 'disconnected') return;
    const [seen] = await this.dataSource.query<{ recent: number; open: boolean | null }[]>(RECENT, [
      subject,
    ]);
    if (seen!.open) return;
    const isFlapping = seen!.recent >= MOST_PER_HOUR;
    const lost = `The connection to the MCP server ${server} is lost: ${reason ?? 'no reason is known'}.`;
    await this.recorder.alert({
      kind: isFlapping ? 'mcp_flapping' : 'mcp_disconnected',
      severity: isFlapping ? 'critical' : 'warning',
      subject,
      message: isFlapping
        ? `${lost} It was healed ${seen!.recent} times within an hour and is left alone now: look at it with mission mcp list, then mission run heal_mcp_connection --input mcp_id=${server}.`
        : lost,
      data: { server, worker_id, reason },
      idempotency_key: isFlapping
        ? `mcp_flapping:${server}:${new Date().toISOString().slice(0, 13)}`
        : `mcp_disconnected:${server}:${worker_id}:${since}`,
    });
  }
}
