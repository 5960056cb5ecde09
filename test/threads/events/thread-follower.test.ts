import { expect, test } from '@jest/globals';
import { textDelta, type ThreadEvent } from '../../../src/contracts/thread.js';
import { ThreadFollower } from '../../../src/threads/events/thread-follower.js';

const event = (seq: number): ThreadEvent => ({
  thread_id: 'a',
  message_id: 'm',
  seq,
  ...textDelta(String(seq)),
});

function follower(after = 0) {
  let hungry = 0;
  let closed = 0;
  const events = { onHungry: () => void hungry++, onClose: () => void closed++ };
  return { reader: new ThreadFollower('a', after, events), calls: () => ({ hungry, closed }) };
}

test('each event is given once and in order, also when it is read twice', async () => {
  const { reader } = follower(1);
  reader.add([event(1), event(2), event(3)]);
  reader.add([event(3), event(4)]);
  const seen = [];
  for (let count = 0; count < 3; count++) seen.push((await reader.next()).value?.seq);
  expect(seen).toEqual([2, 3, 4]);
});

test('a reader that waits asks for events, and gets the next one at once', async () => {
  const { reader, calls } = follower();
  const next = reader.next();
  expect(calls().hungry).toBe(1);
  expect(reader.hungry).toBe(true);
  reader.add([event(1)]);
  expect((await next).value?.seq).toBe(1);
  expect(reader.hungry).toBe(false);
});

test('a closed reader ends, once', async () => {
  const { reader, calls } = follower();
  const next = reader.next();
  reader.close();
  await reader.return();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(await reader.next()).toEqual({ done: true, value: undefined });
  expect(calls().closed).toBe(1);
});
