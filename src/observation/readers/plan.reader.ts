import type { DataSource } from 'typeorm';
import type { PlanRow } from '../../platform/database/entities/runs/plan.row.js';

/** A version of a directive whose Plan is stored, because a run was started with it. */
export type StoredVersion = Pick<PlanRow, 'hash' | 'directive_version' | 'created_at'>;

const MAX_VERSIONS = 100;

/** Reads stored Plans: those of all runs that were ever accepted. */
export class PlanReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The last 100 versions of a directive, newest first. */
  versions(name: string): Promise<StoredVersion[]> {
    return this.dataSource.query(
      `SELECT hash, directive_version, created_at FROM directive_plans
       WHERE name = $1 ORDER BY created_at DESC, hash LIMIT $2`,
      [name, MAX_VERSIONS],
    );
  }

  /** The newest Plan of a version, with the text that it was compiled from; null = there is none. */
  async find(name: string, version: string): Promise<PlanRow | null> {
    const [row] = await this.dataSource.query<PlanRow[]>(
      `SELECT * FROM directive_plans WHERE name = $1 AND directive_version = $2
       ORDER BY created_at DESC LIMIT 1`,
      [name, version],
    );
    return row ?? null;
  }
}
