import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createLogger } from '../../../src/platform/logger.js';
import type { OutboxHandlers } from '../../../src/runs/dispatch/outbox-claim.js';
import { Dispatcher } from '../../../src/runs/dispatch/dispatcher.js';
import { WorkerCapacity } from '../../../src/runs/dispatch/worker-capacity.js';
import { until } from '../../support/instance.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
/** Of one connection, which so knows what was prepared on it. */
let source: DataSource;

beforeAll(async () => {
  database = await openTestDatabase(1);
  ({ source } = database);
});

afterAll(() => database?.close());

const isPrepared = async () =>
  (await source.query(`SELECT 1 FROM pg_prepared_statements WHERE name = 'outbox.claim'`)).length;

/** A table that fills and empties is never what Postgres thinks it is: whoever reads it whole gets ever slower. */
test('the outbox is emptied without reading a table whole', async () => {
  const dispatcher = new Dispatcher({
    dataSource: source,
    databaseUrl: database.url,
    handlers: undefined as unknown as OutboxHandlers,
    load: new WorkerCapacity(1),
    logger: createLogger('test', 'error'),
  });
  await dispatcher.start();
  await until('it has looked', isPrepared);
  await dispatcher.stop();
  const rows = await source.query(`EXPLAIN EXECUTE "outbox.claim"(16, 16)`);
  const plan = rows.map((row: { 'QUERY PLAN': string }) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Index.* on directive_executions/);
  expect(plan).not.toMatch(/Seq Scan/);
});
