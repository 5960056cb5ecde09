import type { DataSource } from 'typeorm';
import type { PlanRow } from '../../platform/database/entities/runs/plan.row.js';

/** One of the Plans that runs of a directive were pinned to. */
export type StoredVersion = Pick<PlanRow, 'hash' | 'directive_version' | 'created_at'>;

const MAX_VERSIONS = 100;

/** Reads the Plans that were ever run. */
export class PlanReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The last 100, newest first. */
  versions(name: string): Promise<StoredVersion[]> {
    return this.dataSource.query(
      `SELECT hash, directive_version, created_at FROM directive_plans
       WHERE name = $1 ORDER BY created_at DESC, hash LIMIT $2`,
      [name, MAX_VERSIONS],
    );
  }

  /** The newest Plan of that version, with the text it came from. */
  async find(name: string, version: string): Promise<PlanRow | null> {
    const [row] = await this.dataSource.query<PlanRow[]>(
      `SELECT * FROM directive_plans WHERE name = $1 AND directive_version = $2
       ORDER BY created_at DESC LIMIT 1`,
      [name, version],
    );
    return row ?? null;
  }
}
