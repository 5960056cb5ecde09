import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../../../src/platform/database/sql/sql.js';
import { Statement } from '../../../../src/platform/database/sql/statement.js';
import { openTestDatabase, type TestDatabase } from '../../../support/stack.js';

let database: TestDatabase;

beforeAll(async () => {
  // One connection, which so knows what was prepared on it.
  database = await openTestDatabase(1);
}, 120_000);
afterAll(() => database?.close());

test('values are found by their names, whatever the order of the parameters', async () => {
  const statement = new Statement<{ text: string }, { first: string; second: string }>(
    'test.order',
    (p) => sql`SELECT ${p.second}::text || ${p.first}::text || ${p.second}::text AS text`,
  );
  const values = { first: 'a', second: `'; --` };
  expect(await statement.run(database.source, values)).toEqual([{ text: `'; --a'; --` }]);
});

test('a connection parses it once', async () => {
  const statement = new Statement<{ n: number }, { n: number }>(
    'test.prepared',
    (p) => sql`SELECT ${p.n}::int + 1 AS n`,
  );
  for (const n of [1, 2, 3])
    expect(await statement.run(database.source, { n })).toEqual([{ n: n + 1 }]);
  const prepared = await database.source.query(
    `SELECT generic_plans + custom_plans AS plans FROM pg_prepared_statements WHERE name = 'test.prepared'`,
  );
  expect(prepared).toEqual([{ plans: '3' }]);
});

test('a failure is Postgres’s own, and the next call works', async () => {
  const statement = new Statement<{ n: number }, { by: number }>(
    'test.failing',
    (p) => sql`SELECT 1 / ${p.by}::int AS n`,
  );
  await expect(statement.run(database.source, { by: 0 })).rejects.toMatchObject({ code: '22012' });
  expect(await statement.run(database.source, { by: 1 })).toEqual([{ n: 1 }]);
});
