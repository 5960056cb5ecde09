import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LogBuffer } from '../../../src/activities/steps/log-buffer.js';
import { LogReader } from '../../../src/observation/readers/log.reader.js';
import { Recorder } from '../../../src/observation/record.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase(4);
});
afterAll(() => database?.close());

test('lines are read in the order in which they were written, over pages and pieces', async () => {
  const buffer = new LogBuffer(new Recorder(database.source));
  const run_id = 'in-order';
  // More than a piece of the buffer holds, so that several are under way.
  const lines = Array.from({ length: 950 }, (_, n) => `line ${n}`);
  for (const message of lines) buffer.add({ level: 'info', message, source: 'test', run_id });
  await buffer.flush();
  const reader = new LogReader(database.source);
  const read: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page = await reader.page({ executionId: run_id }, { first: 100, after });
    read.unshift(...page.items.map(({ node }) => node.message).reverse());
    after = page.items.at(-1)!.cursor;
    more = page.hasNextPage;
  }
  expect(read).toEqual(lines);
});
