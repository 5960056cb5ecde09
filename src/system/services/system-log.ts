import type { DataSource } from 'typeorm';
import type { JsonObject } from '../../contracts/json/json.js';
import type { LogLevel, ScriptContext } from '../../contracts/script.js';
import type { AlertRecord, Recorder } from '../../observation/record.js';

/** A log entry about a subject, such as `mcp:everything`. */
export interface SystemEntry {
  script: string;
  subject: string;
  message: string;
  data: JsonObject;
}

const WRITTEN = `SELECT 1 FROM log_entries
  WHERE run_id = $1 AND step_path = $2 AND iteration = $3 AND source = $4 LIMIT 1`;
const OPEN = `SELECT id FROM alerts WHERE kind = $1 AND subject = $2 AND status = 'open' LIMIT 1`;
/** What had stalled shows a sign of life after the alert, or has ended. */
const RESOLVE_STALLS = `UPDATE alerts a SET status = 'resolved' WHERE a.kind = 'thread_stalled' AND a.status = 'open' AND (
    EXISTS (SELECT 1 FROM directive_executions e WHERE e.id = substr(a.subject, 8) AND (e.completed_at IS NOT NULL
      OR EXISTS (SELECT 1 FROM execution_steps s JOIN directive_executions r ON r.id = s.run_id
        WHERE r.root_id = e.id AND greatest(s.started_at, s.completed_at) > a.created_at)))
    OR EXISTS (SELECT 1 FROM threads t WHERE t.id = substr(a.subject, 8) AND (t.updated_at > a.created_at
      OR NOT EXISTS (SELECT 1 FROM thread_messages m WHERE m.thread_id = t.id AND m.status = 'queued'))))
  RETURNING id`;
/** An alert stays for a while, so that what comes and goes raises no flood of them. */
const RESOLVE_ANOMALIES = `UPDATE alerts SET status = 'resolved' WHERE kind LIKE 'anomaly_%' AND status = 'open'
  AND created_at < now() - interval '10 minutes' AND NOT id = ANY($1::uuid[]) RETURNING id`;
const RESOLVE = `UPDATE alerts SET status = 'resolved' WHERE subject = $1 AND status = 'open' RETURNING id`;

/**
 * Writes log entries and alerts of a step; a step that runs again after a crash
 * writes none of them twice.
 */
export class SystemLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly recorder: Recorder,
  ) {}

  async write(level: LogLevel, entry: SystemEntry, context: ScriptContext): Promise<void> {
    const { run_id, step_path, iteration } = context;
    const source = `script:${entry.script}`;
    const place = [run_id, step_path, iteration, source];
    const written: unknown[] = await this.dataSource.query(WRITTEN, place);
    if (written.length > 0) return;
    const data = { subject: entry.subject, ...entry.data };
    const { message } = entry;
    await this.recorder.log({ level, message, source, data, run_id, step_path, iteration });
  }

  /**
   * Raises an alert and returns its id, also when the step has raised it
   * before.
   */
  alert(kind: string, entry: SystemEntry, context: ScriptContext): Promise<string> {
    const { message, subject, data } = entry;
    const { run_id, idempotency_key } = context;
    const severity = 'critical';
    return this.recorder.alert({ kind, severity, message, subject, data, run_id, idempotency_key });
  }

  /** Raises an alert unless one of its kind about its subject is open, whose id it returns then. */
  async alertOnce(
    kind: string,
    entry: SystemEntry,
    context: ScriptContext,
    severity: AlertRecord['severity'] = 'critical',
  ): Promise<string> {
    const [open] = await this.dataSource.query<{ id: string }[]>(OPEN, [kind, entry.subject]);
    if (open) return open.id;
    const { subject, message, data } = entry;
    const { run_id } = context;
    const idempotency_key = `${context.idempotency_key}:${kind}:${subject}`;
    return this.recorder.alert({ kind, severity, message, subject, data, run_id, idempotency_key });
  }

  /** Resolves alerts about anomalies that are some minutes old and not among the given ones; returns their number. */
  async resolveAnomalies(open: readonly string[]): Promise<number> {
    const [rows]: [unknown[]] = await this.dataSource.query(RESOLVE_ANOMALIES, [open]);
    return rows.length;
  }

  /** Resolves alerts about what had stalled and goes on, and returns their number. */
  async resolveStalls(): Promise<number> {
    const [rows]: [unknown[]] = await this.dataSource.query(RESOLVE_STALLS);
    return rows.length;
  }

  /** Resolves the open alerts about a subject and returns their number. */
  async resolve(subject: string): Promise<number> {
    const [rows]: [unknown[]] = await this.dataSource.query(RESOLVE, [subject]);
    return rows.length;
  }
}
