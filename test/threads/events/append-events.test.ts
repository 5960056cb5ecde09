import { expect, test } from '@jest/globals';
import { textDelta } from '../../../src/contracts/thread.js';
import { eventsJson, type NewThreadEvent } from '../../../src/threads/events/append-events.js';

const piece = (thread_id: string, text: string, message_id = 'm1'): NewThreadEvent => ({
  thread_id,
  message_id,
  ...textDelta(text),
});

test('pieces of one text become one event, numbered in each thread', () => {
  const stop: NewThreadEvent = {
    thread_id: 'a',
    message_id: 'm1',
    type: 'message_stop',
    data: { status: 'done', tokens_used: 0, duration_ms: 1 },
  };
  const events = JSON.parse(
    eventsJson([piece('a', 'x'), piece('b', '1'), piece('a', 'y'), stop, piece('a', 'z', 'm2')]),
  );
  expect(events.map(({ thread_id, n, data }: any) => [thread_id, n, data.delta?.text])).toEqual([
    ['a', 1, 'xy'],
    ['b', 1, '1'],
    ['a', 2, undefined],
    ['a', 3, 'z'],
  ]);
});

test('the given events are left as they are', () => {
  const first = piece('a', 'x');
  eventsJson([first, piece('a', 'y')]);
  expect(first.data).toEqual(textDelta('x').data);
});
