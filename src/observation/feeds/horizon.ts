import type { DataSource } from 'typeorm';

/** Transactions that a reader goes back by after a crash of the database, which may hand out lost ids again. */
export const REWIND = 1_000;

/** Every transaction below the answer has ended: what it wrote is visible from now on, and nothing more comes. */
export async function readHorizon(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ xmin: string }[]>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin',
  );
  return Number(row?.xmin);
}
