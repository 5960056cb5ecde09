import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../src/platform/database/migrations/index.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await openTestDatabase(2);
  ({ source } = database);
});

afterAll(() => database?.close());

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
