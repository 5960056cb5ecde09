import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { textDelta } from '../../../src/contracts/thread.js';
import { ThreadEventWriter } from '../../../src/threads/events/event-writer.js';
import { ThreadFeed } from '../../../src/threads/events/thread-feed.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';
import { insertThread } from '../support.js';

let database: TestDatabase;
let feed: ThreadFeed;
let writer: ThreadEventWriter;
beforeAll(async () => {
  database = await openTestDatabase();
  feed = new ThreadFeed(database.source, database.url, (error) => {
    throw error;
  });
  writer = new ThreadEventWriter(database.source);
  await feed.start();
}, 120_000);
afterAll(async () => {
  await feed?.stop();
  await database?.close();
});

test('several readers of one thread get all of it, from where each begins', async () => {
  const id = await insertThread(database.source);
  const message_id = randomUUID();
  const put = (text: string) => writer.append({ thread_id: id, message_id, ...textDelta(text) });
  await put('a');
  await put('b');
  const readers = [feed.follow(id, 0), feed.follow(id, 0), feed.follow(id, 1)];
  const texts = readers.map(() => '');
  const reading = readers.map(async (reader, at) => {
    for await (const { data } of reader) {
      texts[at] += (data as any).delta.text;
      if (texts[at]!.endsWith('d')) break;
    }
  });
  await put('c');
  await put('d');
  await Promise.all(reading);
  expect(texts).toEqual(['abcd', 'abcd', 'bcd']);
  expect(feed.size).toBe(0);
});

test('a reader that does not read keeps nobody waiting', async () => {
  const id = await insertThread(database.source);
  const message_id = randomUUID();
  const slow = feed.follow(id, 0);
  const quick = feed.follow(id, 0);
  for (let count = 1; count <= 5; count++) {
    await writer.append({ thread_id: id, message_id, ...textDelta(String(count)) });
    expect((await quick.next()).value?.seq).toBe(count);
  }
  expect((await slow.next()).value?.seq).toBe(1);
  slow.close();
  quick.close();
});
