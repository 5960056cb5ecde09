import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { MIGRATIONS } from '../../src/platform/database/migrations/index.js';
import { createTestDatabase } from '../support/stack.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await createDataSource(database.url, 2).initialize();
});

afterAll(async () => {
  await source?.destroy();
  await database?.drop();
});

it('leaves no drift between the entities and the migrations', async () => {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

it('gives every feed row its transaction and a serial', async () => {
  await source.query(`INSERT INTO log_entries (level, message, source) VALUES ('info', 'm', 's')`);
  const [row] = await source.query('SELECT id, xid, seq FROM log_entries');
  expect(row.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(Number(row.xid)).toBeGreaterThan(0);
  expect(row.seq).toBe('1');
});

it('goes down to nothing and up again', async () => {
  for (let left = MIGRATIONS.length; left > 0; left--) await source.undoLastMigration();
  const left = await source.query(
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
     AND relkind IN ('r', 'S') AND relname NOT LIKE 'schema_migrations%'`,
  );
  expect(left).toEqual([]);
  expect(await source.runMigrations()).toHaveLength(MIGRATIONS.length);
});
