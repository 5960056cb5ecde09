import type { DataSource } from 'typeorm';
import type { StepRow } from '../platform/database/entities/step.row.js';

const STEPS = `SELECT step.* FROM unnest($1::text[]) AS run(id) CROSS JOIN LATERAL (
    SELECT * FROM execution_steps WHERE run_id = run.id
    ORDER BY started_at NULLS LAST, seq LIMIT $2 OFFSET $3) AS step`;

/** Reads the step journal. */
export class StepReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The steps of each run in the order of their start; `limit` of them a run, after `offset` others. */
  async ofRuns(runIds: readonly string[], limit: number, offset: number): Promise<StepRow[][]> {
    const rows = await this.dataSource.query<StepRow[]>(STEPS, [runIds, limit, offset]);
    const byRun = Map.groupBy(rows, (row) => row.run_id);
    return runIds.map((id) => byRun.get(id) ?? []);
  }
}
