import type { DataSource } from 'typeorm';
import type { Json } from '../contracts/json/json.js';
import type { LogLevel } from '../contracts/script.js';
import { plainText } from '../platform/database/sql/plain-text.js';
import { Redactor } from '../platform/redaction/redactor.js';
import { Notifier } from '../platform/database/listening/notifier.js';

/** One structured log line. */
export interface LogRecord {
  level: LogLevel;
  message: string;
  /** The origin of the line: `script:NAME`, `mcp:SERVER`, `kernel`, … */
  source: string;
  data?: Json;
  run_id?: string;
  step_path?: string;
  iteration?: string;
}

/** One row of the audit log. A row with `once` is written at most once for its action, target and `once`. */
export interface AuditRecord {
  actor: string;
  action: string;
  target: string;
  data?: Json;
  once?: string;
}

/** An alert for people; written once for each idempotency key. */
export interface AlertRecord {
  kind: string;
  severity: 'info' | 'warning' | 'critical';
  message: string;
  subject: string;
  data?: Json;
  run_id?: string;
  idempotency_key?: string;
}

const LOGS = `INSERT INTO log_entries (level, message, source, data, run_id, step_path, iteration)
  SELECT level, message, source, data, run_id, step_path, iteration FROM json_to_recordset($1::json)
  AS r(level text, message text, source text, data json, run_id text, step_path text, iteration text)`;

const ALERT = `WITH fresh AS (
    INSERT INTO alerts (kind, severity, message, subject, data, run_id, idempotency_key)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (idempotency_key) DO NOTHING RETURNING id)
  SELECT id FROM fresh UNION ALL SELECT id FROM alerts WHERE idempotency_key = $7`;

/** Writes log lines, audit rows and alerts, with secrets redacted. */
export class Recorder {
  constructor(
    private readonly dataSource: DataSource,
    readonly redactor = new Redactor(),
    readonly notifier = new Notifier(dataSource),
  ) {}

  async log(...records: LogRecord[]): Promise<void> {
    if (records.length === 0) return;
    const rows = records.map((r) => ({
      ...r,
      message: plainText(this.redactor.line(r.message)),
      ...(r.data !== undefined && { data: this.redactor.json(r.data) }),
    }));
    await this.dataSource.query(LOGS, [JSON.stringify(rows)]);
    this.notifier.changed();
  }

  async audit(record: AuditRecord): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO audit_events (actor, action, target, data, once) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (action, target, once) DO NOTHING`,
      [
        record.actor,
        record.action,
        record.target,
        JSON.stringify(this.redactor.json(record.data ?? null)),
        record.once ?? null,
      ],
    );
  }

  /** Returns the alert's id, also when an alert with the same idempotency key existed before. */
  async alert(record: AlertRecord): Promise<string> {
    const rows: { id: string }[] = await this.dataSource.query(ALERT, [
      record.kind,
      record.severity,
      plainText(this.redactor.line(record.message)),
      record.subject,
      JSON.stringify(this.redactor.json(record.data ?? null)),
      record.run_id ?? null,
      record.idempotency_key ?? null,
    ]);
    return rows[0]!.id;
  }
}
