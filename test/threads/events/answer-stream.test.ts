import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerText } from '../../../src/contracts/thread.js';
import { AnswerStream } from '../../../src/threads/events/answer-stream.js';
import { ThreadEventWriter } from '../../../src/threads/events/event-writer.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';
import { eventsOf, insertMessage, insertThread } from '../support.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());

async function answer() {
  const { source } = database;
  const id = await insertThread(source);
  const { id: message_id } = await insertMessage(source, id);
  const writer = new ThreadEventWriter(source);
  const begin = (iteration: string) =>
    AnswerStream.begin(source, writer, { id, message_id }, { run_id: 'r', iteration });
  return { begin, events: () => eventsOf(source, id) };
}

test('the turns of an answer make one text', async () => {
  const { begin, events } = await answer();
  const first = await begin('0');
  for (const piece of ['Let ', 'me ', 'see.']) first.text(piece);
  await first.end('Let me see.');
  const second = await begin('1');
  await second.end('Done.');
  expect(answerText(await events())).toBe('Let me see.\n\nDone.');
  expect((await events()).filter(({ type }) => type === 'attempt_reset')).toEqual([]);
});

test('a turn that is repeated takes back its own text only', async () => {
  const { begin, events } = await answer();
  await (await begin('0')).end('First.');
  const lost = await begin('1');
  lost.text('half of ');
  await new Promise((resolve) => setTimeout(resolve, 60));
  const again = await begin('1');
  lost.text('nothing more');
  await expect(lost.end('half of nothing more')).rejects.toMatchObject({ code: 'conflict' });
  await again.end('whole.');
  expect(answerText(await events())).toBe('First.\n\nwhole.');
  const resets = (await events()).filter(({ type }) => type === 'attempt_reset');
  expect(resets.map(({ data }) => data)).toEqual([{ text: 'First.' }]);
});

test('a text that differs from what was streamed replaces it', async () => {
  const { begin, events } = await answer();
  const turn = await begin('0');
  turn.text('wrong');
  await turn.end('right');
  expect(answerText(await events())).toBe('right');
});
