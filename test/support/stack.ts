import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { freePort } from '../../src/platform/servers/ports.js';
import { startPostgres } from '../../src/platform/postgres/server.js';
import { obtainEngine } from '../../src/platform/temporal/engine.js';
import { startTemporalServer } from '../../src/platform/temporal/server.js';
import { once, TEST_DIRECTORY } from './once.js';

async function launchPostgres(): Promise<string> {
  const server = await startPostgres({
    dataDir: join(TEST_DIRECTORY, 'postgres'),
    logFile: join(TEST_DIRECTORY, 'postgres.log'),
    settings: ['fsync=off'],
  });
  server.child.unref();
  return server.url;
}

async function launchTemporal(): Promise<string> {
  const server = await startTemporalServer({
    engine: await obtainEngine(),
    dbFile: join(TEST_DIRECTORY, 'temporal.db'),
    pidFile: join(TEST_DIRECTORY, 'temporal.pid'),
    logFile: join(TEST_DIRECTORY, 'temporal.log'),
    port: await freePort(),
    uiPort: await freePort(),
    namespace: 'default',
  });
  server.child.unref();
  return server.address;
}

/**
 * URL of the test run's Postgres, as its superuser (`TEST_DATABASE_URL`,
 * otherwise an embedded one).
 */
export const testPostgres = async (): Promise<string> =>
  process.env['TEST_DATABASE_URL'] ?? once('postgres', launchPostgres);

/**
 * host:port of the test run's Temporal server (`TEST_TEMPORAL_ADDRESS`,
 * otherwise an embedded one); namespace `default`.
 */
export const testTemporal = async (): Promise<string> =>
  process.env['TEST_TEMPORAL_ADDRESS'] ?? once('temporal', launchTemporal);

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function migrate(url: string): Promise<void> {
  const source = await createDataSource(url, 1).initialize();
  await source.runMigrations();
  await source.destroy();
}

/** A migrated database that serves as a template; one per run. */
const template = (server: string): Promise<string> =>
  once('template', async () => {
    const name = `mission_template_${randomBytes(4).toString('hex')}`;
    await query(server, `CREATE DATABASE ${name}`);
    await migrate(withDatabase(server, name));
    return name;
  });

/** A migrated database for one test, and connections to it. */
export interface TestDatabase {
  url: string;
  source: DataSource;
  close(): Promise<void>;
}

/** @param connections maximum number of connections */
export async function openTestDatabase(connections?: number): Promise<TestDatabase> {
  const { url, drop } = await createTestDatabase();
  const source = await createDataSource(url, connections).initialize();
  const close = async () => {
    await source.destroy();
    await drop();
  };
  return { url, source, close };
}

/**
 * Creates a migrated database for one test. Call `drop` at the end; it also
 * closes remaining connections.
 */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await testPostgres();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(server, `CREATE DATABASE ${name} TEMPLATE ${await template(server)}`);
  const drop = async () =>
    void (await query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return { url: withDatabase(server, name), drop };
}
