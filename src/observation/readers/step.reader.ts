import type { DataSource } from 'typeorm';
import type { StepRow } from '../../platform/database/entities/runs/step.row.js';

const STEPS = `SELECT step.* FROM unnest($1::text[]) AS run(id) CROSS JOIN LATERAL (
    SELECT * FROM execution_steps WHERE run_id = run.id
      AND ($4::text IS NULL OR name = $4 OR path = $4) AND ($5::text IS NULL OR iteration = $5)
    ORDER BY started_at NULLS LAST, seq LIMIT $2 OFFSET $3) AS step`;

/** Which steps of a run; absent or null = all of them. */
export interface StepQuery {
  /** `limit` of them a run, after `offset` others. */
  limit: number;
  offset: number;
  /** A name or a path. */
  name?: string | null;
  iteration?: string | null;
}

/** Reads the step journal. */
export class StepReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The steps of each run in the order of their start. */
  async ofRuns(runIds: readonly string[], query: StepQuery): Promise<StepRow[][]> {
    const { limit, offset, name = null, iteration = null } = query;
    const parameters = [runIds, limit, offset, name, iteration];
    const rows = await this.dataSource.query<StepRow[]>(STEPS, parameters);
    const byRun = Map.groupBy(rows, (row) => row.run_id);
    return runIds.map((id) => byRun.get(id) ?? []);
  }
}
