import type { DataSource } from 'typeorm';

const BATCH = 5_000;
/** Entries of runs that are open are kept: somebody may be looking for what they wait for. */
const DELETE = `WITH old AS (SELECT l.id FROM log_entries l
    LEFT JOIN directive_executions e ON e.id = l.run_id AND e.completed_at IS NULL
    WHERE l.at < now() - $1 * interval '1 day' AND e.id IS NULL ORDER BY l.at LIMIT ${BATCH})
  DELETE FROM log_entries USING old WHERE log_entries.id = old.id RETURNING log_entries.id`;

/** Deletes log entries, in batches, so that nobody waits for a long statement. */
export class LogRetention {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns the number of deleted entries, and the time of the oldest one that is left. */
  async deleteOlder(
    days: number,
    signal: AbortSignal,
  ): Promise<{ deleted: number; oldest: string | null }> {
    let deleted = 0;
    for (;;) {
      signal.throwIfAborted();
      const [rows] = await this.dataSource.query<[unknown[]]>(DELETE, [days]);
      deleted += rows.length;
      if (rows.length < BATCH) break;
    }
    const [left] = await this.dataSource.query<{ oldest: Date | null }[]>(
      'SELECT min(at) AS oldest FROM log_entries',
    );
    return { deleted, oldest: left?.oldest?.toISOString() ?? null };
  }
}
