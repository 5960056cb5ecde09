import type { DataSource } from 'typeorm';
import type { JsonObject } from '../../contracts/json/json.js';
import type { LogLevel, ScriptContext } from '../../contracts/script.js';
import type { Recorder } from '../../observation/record.js';

/** A log entry about a subject, such as `mcp:everything`. */
export interface SystemEntry {
  script: string;
  subject: string;
  message: string;
  data: JsonObject;
}

const WRITTEN = `SELECT 1 FROM log_entries
  WHERE run_id = $1 AND step_path = $2 AND iteration = $3 AND source = $4 LIMIT 1`;
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

  /** Resolves the open alerts about a subject and returns their number. */
  async resolve(subject: string): Promise<number> {
    const [rows]: [unknown[]] = await this.dataSource.query(RESOLVE, [subject]);
    return rows.length;
  }
}
