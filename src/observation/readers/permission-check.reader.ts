import type { DataSource } from 'typeorm';
import type { PermissionCheckRow } from '../../platform/database/entities/access/permission-check.row.js';

const MOST = 200;
const MAX_RUNS = 1_000;

/** A run and the runs below it. Refusals come first, so that no number of grants hides them. */
const OF_RUN = `WITH RECURSIVE family AS (
    SELECT id FROM directive_executions WHERE id = $1
    UNION ALL SELECT e.id FROM directive_executions e JOIN family ON e.parent_id = family.id)
  SELECT * FROM permission_checks WHERE run_id IN (SELECT id FROM family LIMIT ${MAX_RUNS})
    AND ($2::text IS NULL OR step_path = $2 OR right(step_path, length($2) + 1) = '/' || $2)
  ORDER BY allowed, id DESC LIMIT ${MOST}`;

/** What was refused outside of runs. */
const REFUSED = `SELECT * FROM permission_checks WHERE run_id IS NULL ORDER BY id DESC LIMIT ${MOST}`;

/** Reads the decisions about rights. */
export class PermissionCheckReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The decisions of a run and of the runs below it, oldest first; at most 200. `step`: the name or path of a step. */
  async ofRun(runId: string, step: string | null): Promise<PermissionCheckRow[]> {
    const rows = await this.dataSource.query<PermissionCheckRow[]>(OF_RUN, [runId, step]);
    return rows.sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** What was refused before there was a run, newest first. */
  refused(): Promise<PermissionCheckRow[]> {
    return this.dataSource.query(REFUSED);
  }
}
