import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ThreadReconciler } from '../../src/threads/thread-reconciler.js';
import { insertRun } from '../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';
import { insertMessage, insertThread } from './support.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());
beforeEach(() => database.source.query('TRUNCATE threads, thread_messages, outbox'));

const OLD = new Date(Date.now() - 60_000).toISOString();
const quiet = { info: () => undefined, warn: () => undefined };

async function looked(): Promise<string[]> {
  await new ThreadReconciler(database.source, quiet).round();
  const rows = await database.source.query(`SELECT run_id FROM outbox WHERE kind = 'thread'`);
  return rows.map(({ run_id }: { run_id: string }) => run_id);
}

test('a message that waits though nothing is answered is looked at, once', async () => {
  const left = await insertThread(database.source);
  await insertMessage(database.source, left, { created_at: OLD });
  const fresh = await insertThread(database.source);
  await insertMessage(database.source, fresh);
  const paused = await insertThread(database.source, { status: 'paused' });
  await insertMessage(database.source, paused, { created_at: OLD });
  expect(await looked()).toEqual([left]);
  expect(await looked()).toEqual([left]);
});

test('an answer is looked at when its run has ended, not while it runs', async () => {
  await insertRun(database.source, 'ended', { status: 'success', completed_at: new Date(OLD) });
  await insertRun(database.source, 'open', { status: 'running' });
  const left = await insertThread(database.source);
  await insertMessage(database.source, left, {
    status: 'running',
    run_id: 'ended',
    created_at: OLD,
  });
  const busy = await insertThread(database.source);
  await insertMessage(database.source, busy, {
    status: 'running',
    run_id: 'open',
    created_at: OLD,
  });
  await insertMessage(database.source, busy, { created_at: OLD });
  expect(await looked()).toEqual([left]);
});
