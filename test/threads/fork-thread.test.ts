import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { forkThread } from '../../src/threads/fork-thread.js';
import { threadOf } from '../../src/threads/thread-rows.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';
import { insertMessage, insertThread } from './support.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());

const saidIn = async (id: string) =>
  (
    await database.source.query(
      'SELECT seq, role, content, reply_to IS NOT NULL AS replies FROM thread_messages WHERE thread_id = $1 ORDER BY seq',
      [id],
    )
  ).map(({ seq, role, content, replies }: any) => [seq, role, content, replies]);

test('a fork has what was said up to a message, and the same pin', async () => {
  const { source } = database;
  const id = await insertThread(source, { plan_hash: 'pinned' });
  const one = await insertMessage(source, id, { status: 'done', content: 'one' });
  const two = await insertMessage(source, id, { status: 'done', content: 'two' });
  await insertMessage(source, id, {
    role: 'assistant',
    status: 'done',
    content: '1',
    reply_to: one.id,
  });
  await insertMessage(source, id, {
    role: 'assistant',
    status: 'done',
    content: '2',
    reply_to: two.id,
  });
  await insertMessage(source, id, { status: 'queued', content: 'three' });
  const before = await saidIn(id);
  const thread = (await threadOf(source, id))!;
  const fork = await forkThread(source, thread, 1, 'ben');
  expect(fork).toMatchObject({
    plan_hash: 'pinned',
    owner: 'ben',
    forked_from: id,
    status: 'created',
    message_seq: 2,
  });
  expect(await saidIn(fork.id)).toEqual([
    [1, 'user', 'one', false],
    [2, 'assistant', '1', true],
  ]);
  expect(await saidIn(id)).toEqual(before);
  await expect(forkThread(source, thread, 0, 'ben')).rejects.toMatchObject({
    code: 'input_invalid',
  });
});
