import type { DataSource } from 'typeorm';

/** Number of transactions that a reader goes back after a database crash, because Postgres may assign lost ids again. */
export const REWIND = 1_000;

/** The id of the oldest open transaction. Every transaction below it has ended, so its rows are visible and final. */
export async function readHorizon(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ xmin: string }[]>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin',
  );
  return Number(row?.xmin);
}
