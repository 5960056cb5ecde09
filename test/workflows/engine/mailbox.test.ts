import { expect, test } from '@jest/globals';
import type { Message } from '../../../src/contracts/message.js';
import { Mailbox } from '../../../src/workflows/engine/mailbox.js';

const EMPTY = { seen: [], kept: [], pauses: 0 };

const signal = (id: string, name: string, payload: Message['payload'] = null): Message => ({
  id,
  kind: 'signal',
  name,
  payload,
  actor: 'tester',
});
const pause = (id: string, count: number): Message => ({
  ...signal(id, '', count),
  kind: 'pause',
});

test('messages wait for their topic, and are taken in the order in which they came', () => {
  const mailbox = new Mailbox(EMPTY);
  for (const [id, name] of ['go', 'other', 'go'].entries()) {
    mailbox.receive('signal', [signal(String(id), name, id)]);
  }
  expect(mailbox.has('signal go')).toBe(true);
  expect(mailbox.take('signal go')?.payload).toBe(0);
  expect(mailbox.take('signal go')?.payload).toBe(2);
  expect(mailbox.take('signal go')).toBeUndefined();
  expect(mailbox.has('signal other')).toBe(true);
});

test('a message that arrives twice is one message, also when it was taken meanwhile', () => {
  const mailbox = new Mailbox(EMPTY);
  mailbox.receive('signal', [signal('a', 'go')]);
  mailbox.take('signal go');
  mailbox.receive('signal', [signal('a', 'go')]);
  expect(mailbox.has('signal go')).toBe(false);
});

test('so it is in the next history of the run', () => {
  const first = new Mailbox(EMPTY);
  first.receive('signal', [signal('a', 'go', 1)]);
  first.receive('signal', [signal('b', 'go', 2)]);
  first.receive('pause', [pause('c', 1)]);
  first.take('signal go');
  const next = new Mailbox(JSON.parse(JSON.stringify(first.carry())));
  next.receive('signal', [signal('a', 'go', 1)]);
  expect(next.paused).toBe(true);
  expect(next.take('signal go')?.payload).toBe(2);
  expect(next.take('signal go')).toBeUndefined();
});

test('the newest thousand ids are remembered', () => {
  const mailbox = new Mailbox(EMPTY);
  for (let id = 0; id < 1_001; id++) mailbox.receive('signal', [signal(String(id), 'go')]);
  const { seen } = mailbox.carry();
  expect([seen.length, seen[0], seen.at(-1)]).toEqual([1_000, '1', '1000']);
});

test.each([
  ['a value', 'three', 'three'],
  ['nothing', undefined, null],
  [
    'an object that is none of our messages',
    { id: 'a', kind: 'unknown' },
    { id: 'a', kind: 'unknown' },
  ],
])('a signal from Temporal itself may hold %s', (_, content, payload) => {
  const mailbox = new Mailbox(EMPTY);
  mailbox.receive('go', [content]);
  mailbox.receive('go', [content]);
  expect(mailbox.take('signal go')).toEqual({ ...signal('', 'go', payload), actor: 'temporal' });
  expect(mailbox.has('signal go')).toBe(true);
});

test('a run is paused while the highest count is odd, whatever comes late', () => {
  const mailbox = new Mailbox(EMPTY);
  const heard: string[] = [];
  mailbox.onMessage = (topic) => heard.push(topic);
  mailbox.receive('pause', [pause('a', 1)]);
  expect(mailbox.paused).toBe(true);
  mailbox.receive('pause', [pause('c', 2)]);
  mailbox.receive('pause', [pause('b', 1)]);
  expect(mailbox.paused).toBe(false);
  mailbox.countPauses(3);
  expect(mailbox.paused).toBe(true);
  expect(heard).toEqual(['pause', 'pause', 'pause', 'pause']);
});

test('whoever waits is told of each topic once', () => {
  const mailbox = new Mailbox(EMPTY);
  const heard: string[] = [];
  mailbox.onMessage = (topic) => heard.push(topic);
  mailbox.receive('signal', [signal('a', 'go')]);
  mailbox.receive('signal', [signal('a', 'go')]);
  mailbox.receive('child', [{ ...signal('b', 'run-1'), kind: 'child' }]);
  expect(heard).toEqual(['signal go', 'child run-1']);
});
