import type { DataSource } from 'typeorm';
import type { StepRow } from '../../platform/database/entities/runs/step.row.js';

const STEPS = `SELECT step.* FROM unnest($1::text[]) AS run(id) CROSS JOIN LATERAL (
    SELECT * FROM execution_steps WHERE run_id = run.id
      AND ($4::text IS NULL OR name = $4 OR path = $4) AND ($5::text IS NULL OR iteration = $5)
    ORDER BY started_at NULLS LAST, seq LIMIT $2 OFFSET $3) AS step`;

/** A filter of a run's steps; an absent or null condition matches all. */
export interface StepQuery {
  /** Upper bound on the steps of each run. */
  limit: number;
  /** Number of matching steps of each run that are skipped first. */
  offset: number;
  /** The name or the path of a step. */
  name?: string | null;
  iteration?: string | null;
}

/** Reads the step journal. */
export class StepReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The steps of each run in the order of their start, one list for each of `runIds`. */
  async ofRuns(runIds: readonly string[], query: StepQuery): Promise<StepRow[][]> {
    const { limit, offset, name = null, iteration = null } = query;
    const parameters = [runIds, limit, offset, name, iteration];
    const rows = await this.dataSource.query<StepRow[]>(STEPS, parameters);
    const byRun = Map.groupBy(rows, (row) => row.run_id);
    return runIds.map((id) => byRun.get(id) ?? []);
  }
}
