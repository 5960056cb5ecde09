import type { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import { CHANNELS } from '../../contracts/engine.js';
import type { Json } from '../../contracts/json/json.js';
import type { McpServerStatus, McpState } from '../../contracts/mcp.js';
import type { LogRecord, Recorder } from '../../observation/record.js';
import { McpAlerts } from './mcp-alerts.js';
import { plainText } from '../../platform/database/sql/plain-text.js';

const SAVE = `INSERT INTO mcp_server_states AS old
    (server, worker_id, state, reason, since, checked_at, transport, jailed, tools, latency_ms,
     protocol_version, warnings)
  SELECT server, worker_id, state, reason, since, now(), transport, jailed, tools, latency_ms,
    protocol_version, warnings
  FROM json_to_recordset($1::json) AS r(server text, worker_id text, state text, reason text,
    since timestamptz, transport text, jailed boolean, tools json, latency_ms float8,
    protocol_version text, warnings json)
  ON CONFLICT (server, worker_id) DO UPDATE SET state = EXCLUDED.state, reason = EXCLUDED.reason,
    since = EXCLUDED.since, checked_at = now(), latency_ms = EXCLUDED.latency_ms,
    jailed = EXCLUDED.jailed, protocol_version = EXCLUDED.protocol_version,
    warnings = EXCLUDED.warnings,
    tools = CASE WHEN old.tools::text = EXCLUDED.tools::text THEN old.tools ELSE EXCLUDED.tools END`;

const LEVELS = { connected: 'info', degraded: 'warn', disconnected: 'error' } as const;

/**
 * Saves this worker's status of its servers. An outage of the database loses
 * nothing, because every check saves the status again.
 */
export class McpStateStore {
  private readonly waiting = new Map<string, McpServerStatus>();
  private saving: Promise<void> | undefined;
  private readonly alerts: McpAlerts;

  constructor(
    private readonly dataSource: DataSource,
    private readonly recorder: Recorder,
    private readonly logger: Logger,
  ) {
    this.alerts = new McpAlerts(dataSource, recorder);
  }

  /** Saves a status; a change of state is also logged and announced. */
  save(status: McpServerStatus, before: McpState | undefined): void {
    this.waiting.set(status.server, status);
    this.saving ??= this.flush().finally(() => (this.saving = undefined));
    if (status.state === before) return;
    void this.saving.then(() => this.announce()).catch(() => undefined);
    this.log(changeOf(status, before));
    this.alerts
      .changed(status)
      .catch((error: unknown) => this.warn(error, 'an alert could not be raised'));
  }

  /**
   * Resolves when all pending statuses are saved, or their saving has failed.
   */
  async settled(): Promise<void> {
    await this.saving;
  }

  log(...records: LogRecord[]): void {
    this.recorder
      .log(...records)
      .catch((error: unknown) => this.warn(error, 'a log entry could not be stored'));
  }

  /** Removes this worker's rows, and those that dead workers left. */
  async clear(workerId: string): Promise<void> {
    await this.saving;
    await this.dataSource
      .query(
        `DELETE FROM mcp_server_states WHERE worker_id = $1 OR checked_at < now() - interval '1 day'`,
        [workerId],
      )
      .catch((error: unknown) => this.warn(error, 'states of MCP servers were not removed'));
  }

  private async flush(): Promise<void> {
    while (this.waiting.size > 0) {
      const { redactor } = this.recorder;
      const rows = [...this.waiting.values()].map((status) => ({
        ...status,
        reason: status.reason && plainText(redactor.line(status.reason)),
        tools: redactor.json(status.tools as unknown as Json),
        warnings: status.warnings.map((each) => plainText(redactor.line(each))),
      }));
      this.waiting.clear();
      await this.dataSource
        .query(SAVE, [JSON.stringify(rows)])
        .catch((error: unknown) => this.warn(error, 'states of MCP servers were not saved'));
    }
  }

  private announce(): Promise<unknown> {
    return this.dataSource.query(`SELECT pg_notify($1, '')`, [CHANNELS.mcp]);
  }

  private warn(error: unknown, what: string): void {
    this.logger.warn({ error: (error as Error).message }, what);
  }
}

function changeOf(status: McpServerStatus, before: McpState | undefined): LogRecord {
  const { server, state, reason, worker_id } = status;
  const message = `MCP server ${server} is ${state}${reason ? `: ${reason}` : ''}`;
  const data = { state, before: before ?? null, reason, worker_id, tools: status.tools.length };
  return { level: LEVELS[state], message, source: `mcp:${server}`, data };
}
