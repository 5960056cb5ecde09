import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ThreadHistory } from '../../src/threads/thread-history.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';
import { insertMessage, insertThread } from './support.js';

let database: TestDatabase;
let history: ThreadHistory;
beforeAll(async () => {
  database = await openTestDatabase();
  history = new ThreadHistory(database.source);
}, 120_000);
afterAll(() => database?.close());

const ask = async (id: string, content: string, status = 'done') =>
  (await insertMessage(database.source, id, { content, status })).id;

test('the last messages come with their answers, without what was rolled back', async () => {
  const id = await insertThread(database.source);
  const first = await ask(id, 'one');
  await insertMessage(database.source, id, {
    role: 'assistant',
    content: 'answer',
    reply_to: first,
    status: 'done',
  });
  await ask(id, 'gone', 'rolled_back');
  await ask(id, 'two', 'error');
  const now = await ask(id, 'three', 'running');
  await ask(id, 'later', 'queued');
  const { earlier, message, memory } = await history.before({ id, message_id: now });
  expect(earlier.map(({ content, reply }) => [content, reply])).toEqual([
    ['one', 'answer'],
    ['two', null],
  ]);
  expect([message, memory]).toEqual(['three', '']);
});

test('sliding_window reads the last twelve, whatever was condensed', async () => {
  const id = await insertThread(database.source, { memory: 'sliding_window' });
  for (let index = 0; index < 20; index += 1) await ask(id, `question ${index}`);
  await database.source.query(
    `INSERT INTO thread_memories (id, thread_id, upto_seq, status, summary, facts)
     VALUES (gen_random_uuid(), $1, 18, 'ready', 's', '[]')`,
    [id],
  );
  const now = await ask(id, 'now', 'running');
  const { earlier, memory } = await history.before({ id, message_id: now });
  expect(earlier.map(({ content }) => content)).toEqual(
    Array.from({ length: 12 }, (_, index) => `question ${index + 8}`),
  );
  expect(memory).toBe('');
});

test('topic_pruning reads older messages that share words with the present one', async () => {
  const id = await insertThread(database.source, { memory: 'topic_pruning' });
  await ask(id, 'deploy the invoice service');
  for (let index = 0; index < 30; index += 1) await ask(id, `weather in town ${index}`);
  const now = await ask(id, 'how did the deploy of the invoice service go?', 'running');
  const { earlier } = await history.before({ id, message_id: now });
  expect(earlier[0]!.content).toBe('deploy the invoice service');
  expect(earlier.length).toBeLessThanOrEqual(12);
  expect(earlier.at(-1)!.content).toBe('weather in town 29');
});
