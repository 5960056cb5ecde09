import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { textDelta } from '../../../src/contracts/thread.js';
import { ThreadEventWriter } from '../../../src/threads/events/event-writer.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';
import { eventsOf, insertThread } from '../support.js';

let database: TestDatabase;
beforeAll(async () => void (database = await openTestDatabase()), 120_000);
afterAll(() => database?.close());

test('events of many threads are written in the order of each', async () => {
  const { source } = database;
  const writer = new ThreadEventWriter(source);
  const threads = await Promise.all([1, 2, 3].map(() => insertThread(source)));
  const message_id = randomUUID();
  const writes = Array.from({ length: 60 }, (_, index) =>
    writer.append({ thread_id: threads[index % 3]!, message_id, ...textDelta(`${index} `) }),
  );
  await Promise.all(writes);
  for (const [at, id] of threads.entries()) {
    const events = await eventsOf(source, id);
    const text = events.map(({ data }) => data.delta.text).join('');
    expect(text.trim().split(' ').map(Number)).toEqual(
      Array.from({ length: 20 }, (_, index) => index * 3 + at),
    );
  }
});

test('a writer that was replaced writes no more, and hears of it', async () => {
  const { source } = database;
  const writer = new ThreadEventWriter(source);
  const id = await insertThread(source, { writer: 'new' });
  const event = { thread_id: id, message_id: randomUUID(), ...textDelta('x') };
  await expect(writer.append({ ...event, writer: 'old' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await Promise.all([writer.append({ ...event, writer: 'new' }), writer.append(event)]);
  expect(await eventsOf(source, id)).toHaveLength(2);
});

test('an event with a key is written once', async () => {
  const { source } = database;
  const writer = new ThreadEventWriter(source);
  const id = await insertThread(source);
  const event = { thread_id: id, message_id: randomUUID(), ...textDelta('x'), key: 'k' };
  await writer.append(event);
  await writer.append(event);
  expect(await eventsOf(source, id)).toHaveLength(1);
});
