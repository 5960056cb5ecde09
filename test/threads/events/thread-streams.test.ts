import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ThreadStreams } from '../../../src/threads/events/thread-streams.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';
import { eventsOf, insertMessage, insertThread } from '../support.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());

async function calling() {
  const { source } = database;
  const id = await insertThread(source);
  const { id: message_id } = await insertMessage(source, id);
  const streams = new ThreadStreams(source);
  const call = { id: 'r:ask:0.0', name: 'search', input: { query: 'x' } };
  return {
    around: (make: () => Promise<any>) => streams.around({ id, message_id }, call, make),
    events: async () => (await eventsOf(source, id)).map(({ type, data }) => [type, data]),
  };
}

test('a call is told before and after, once at every repetition', async () => {
  const { around, events } = await calling();
  await around(async () => ({ found: 1 }));
  await around(async () => ({ found: 1 }));
  expect(await events()).toEqual([
    ['tool_start', { id: 'r:ask:0.0', name: 'search', input: { query: 'x' } }],
    ['tool_result', { id: 'r:ask:0.0', name: 'search', output: { found: 1 }, is_error: false }],
  ]);
});

test('a call that fails is told with its error, and fails', async () => {
  const { around, events } = await calling();
  const broken = () => Promise.reject(new Error('no such thing'));
  await expect(around(broken)).rejects.toThrow('no such thing');
  expect((await events()).at(-1)![1]).toMatchObject({ output: 'no such thing', is_error: true });
});

test('a large result is cut in the event, not in the call', async () => {
  const { around, events } = await calling();
  const large = { text: 'x'.repeat(20_000) };
  expect(await around(async () => large)).toBe(large);
  const [, data] = (await events()).at(-1)!;
  expect(data.output).toMatch(/… \(cut: \d+ characters more\)$/);
});
