import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { postgresBinaries } from '../../platform/postgres/binaries.js';
import { error, ok, reason, type Check, type Finding } from './check.js';

const OLDEST = 150_000;

async function external(url: string): Promise<Finding> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query('SHOW server_version_num');
    const version = Number(rows[0].server_version_num);
    if (version >= OLDEST) return ok('postgres', `${new URL(url).host} runs ${version}`);
    return error('postgres', `${new URL(url).host} runs ${version}`, 'Use Postgres 15 or newer');
  } catch (thrown) {
    return error(
      'postgres',
      reason(thrown),
      'Correct DATABASE_URL, or unset it to use the embedded Postgres',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function embedded(): Finding {
  try {
    const { postgres } = postgresBinaries();
    return ok('postgres', execFileSync(postgres, ['--version'], { encoding: 'utf8' }).trim());
  } catch (thrown) {
    return error(
      'postgres',
      reason(thrown),
      'Run npm ci, or set DATABASE_URL to an external Postgres',
    );
  }
}

/** Checks the database: the operator's server, or the embedded programs. */
export const checkDatabase: Check = async ({ databaseUrl }) => [
  databaseUrl === undefined ? embedded() : await external(databaseUrl),
];
