import type { DataSource } from 'typeorm';
import type { StepError } from '../contracts/errors.js';
import type { StepStatus } from '../contracts/execution.js';
import type { Json } from '../contracts/json/json.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { ShadowReport } from '../contracts/run/shadow.js';

/** A step of a shadow run, for its timeline. */
export interface ShadowRow extends StepPlace {
  name: string;
  kind: string;
  status: StepStatus;
  inputs?: Json | undefined;
  result?: Json | undefined;
  error?: StepError | null | undefined;
  /** The result was taken from the recorded run. */
  reused: boolean;
}

/** A shadow run that was interrupted is repeated and writes the same rows again, which changes nothing. */
const WRITE = `INSERT INTO execution_steps
    (run_id, path, iteration, name, kind, status, inputs, result, error, started_at, completed_at, duration_ms, reused_from)
  SELECT $1, path, iteration, name, kind, status, inputs::json, result::json, error::json, clock_timestamp(),
    CASE WHEN status <> 'pending' THEN clock_timestamp() END, CASE WHEN status <> 'pending' THEN 0 END,
    CASE WHEN reused THEN $2 END
  FROM json_to_recordset($3::json) AS r(path text, iteration text, name text, kind text, status text, inputs text,
    result text, error text, reused boolean)
  ON CONFLICT DO NOTHING`;

const REPORT = `INSERT INTO shadow_reports (run_id, compared, total, differences) VALUES ($1, $2, $3, $4)
  ON CONFLICT (run_id) DO UPDATE SET compared = EXCLUDED.compared, total = EXCLUDED.total,
    differences = EXCLUDED.differences`;

/** Stores the steps and the reports of shadow runs. */
export class Shadows {
  constructor(private readonly dataSource: DataSource) {}

  async write(runId: string, recordedId: string, rows: readonly ShadowRow[]): Promise<void> {
    const text = (value: unknown) =>
      value === undefined || value === null ? null : JSON.stringify(value);
    const records = rows.map(({ inputs, result, error, ...row }) => ({
      ...row,
      inputs: text(inputs),
      result: text(result),
      error: text(error),
    }));
    await this.dataSource.query(WRITE, [runId, recordedId, JSON.stringify(records)]);
  }

  async report(runId: string, { compared, total, differences }: ShadowReport): Promise<void> {
    await this.dataSource.query(REPORT, [runId, compared, total, JSON.stringify(differences)]);
  }
}
