import pg from 'pg';
import { MissionError } from '../../contracts/errors.js';
import { createDataSource } from './data-source.js';

/** Key of the advisory lock under which one process at a time migrates. No other lock may use this number. */
const LOCK = 7_153_001;

async function underLock(url: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await work();
  } finally {
    await client.end();
  }
}

async function run(url: string): Promise<void> {
  const source = await createDataSource(url, 1).initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

/**
 * Migrates a database to this release. Processes that start at the same time wait for the first.
 * @throws MissionError `unavailable` that names host and database, never the password
 */
export async function migrate(url: string): Promise<void> {
  try {
    await underLock(url, () => run(url));
  } catch (cause) {
    const { host, pathname } = new URL(url);
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new MissionError(
      'unavailable',
      `The database${pathname.replace('/', ' ').trimEnd()} at ${host} could not be prepared: ${reason}. Is DATABASE_URL right, and Postgres 15 or newer there?`,
      undefined,
      { cause },
    );
  }
}
