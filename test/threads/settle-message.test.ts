import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { settleMessage, type AnswerEnd } from '../../src/threads/settle-message.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';
import { eventsOf, insertMessage, insertThread } from './support.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());

async function settled(end: AnswerEnd, columns = {}, thread = {}) {
  const { source } = database;
  const id = await insertThread(source, thread);
  const message = await insertMessage(source, id, { status: 'running', run_id: 'r', ...columns });
  await settleMessage(source, message, end);
  await settleMessage(source, message, { ...end, text: 'a second end' });
  const messages = await source.query(
    'SELECT role, content, status FROM thread_messages WHERE thread_id = $1 ORDER BY seq',
    [id],
  );
  const [row] = await source.query('SELECT status FROM threads WHERE id = $1', [id]);
  return { messages, events: await eventsOf(source, id), thread: row };
}

test('an answer becomes a message, once', async () => {
  const { messages, events } = await settled({ status: 'success', error: null, text: 'Hello.' });
  expect(messages).toEqual([
    { role: 'user', content: 'Hello.', status: 'done' },
    { role: 'assistant', content: 'Hello.', status: 'done' },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['content_block_delta', 'message_stop']);
});

test('a failure is told as a text, and ends the answer', async () => {
  const error = { code: 'model_error', message: 'The model is away.' };
  const { messages, events } = await settled({ status: 'error', error, text: '' });
  expect(messages[1]).toEqual({ role: 'assistant', content: '', status: 'error' });
  expect(events.map(({ type, data }) => [type, data.error])).toEqual([
    ['error', 'The model is away.'],
    ['message_stop', undefined],
  ]);
});

test('a message that was taken back is left out of the conversation', async () => {
  const { messages } = await settled(
    { status: 'cancelled', error: null, text: '' },
    { rollback: true },
  );
  expect(messages.map(({ status }: any) => status)).toEqual(['rolled_back', 'rolled_back']);
});

test('a thread for one message is closed with its answer', async () => {
  const end = { status: 'success', error: null, text: 'Bye.' };
  const { thread } = await settled(end, {}, { mode: 'single_shot' });
  expect(thread.status).toBe('completed');
});
