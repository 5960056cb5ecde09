import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Events } from '../../src/runs/events.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
let events: Events;
let n = 0;
let name: string;

beforeAll(async () => {
  database = await openTestDatabase();
  events = new Events(database.source);
}, 120_000);
afterAll(() => database?.close());

beforeEach(() => {
  name = `order.paid_${++n}`;
});

const emit = (data = {}, key = name) =>
  events.emit({ name, data, key, run_id: 'emitter', actor: 'ann' });
const listen = (run_id: string, match = {}) =>
  events.listen({ run_id, path: 'wait', iteration: '2', event: name, match });
const query = (sql: string) => database.source.query(sql, [name]);
/** Messages of these runs, in the order of their sending. */
const messages = (run: string) =>
  database.source.query('SELECT * FROM run_messages WHERE run_id = $1 ORDER BY id', [run]);
const orders = (run: string) =>
  database.source.query('SELECT kind FROM outbox WHERE run_id = $1', [run]);

test('an event reaches each step that waits for it, and those waits are over', async () => {
  const [first, second] = [`${name}-first`, `${name}-second`];
  await listen(first);
  await listen(second);
  await emit({ order: 7 });
  const message = { kind: 'event', name: 'wait#2', payload: { order: 7 }, actor: 'ann' };
  expect(await messages(first)).toMatchObject([message]);
  expect(await messages(second)).toMatchObject([message]);
  expect(await orders(first)).toEqual([{ kind: 'messages' }]);
  expect(await query('SELECT 1 FROM event_waits WHERE name = $1')).toEqual([]);
  await emit({ order: 8 }, 'another key');
  expect((await messages(first)).length).toBe(1);
});

test('it reaches only those whose match it holds', async () => {
  const [met, missed] = [`${name}-met`, `${name}-missed`];
  await listen(met, { order: { id: 7 } });
  await listen(missed, { order: { id: 8 } });
  await emit({ order: { id: 7, total: 3 } });
  expect((await messages(met)).length).toBe(1);
  expect(await messages(missed)).toEqual([]);
  expect((await query('SELECT 1 FROM event_waits WHERE name = $1')).length).toBe(1);
});

test('the same key tells it once, and answers with the same id', async () => {
  const { event_id } = await emit({ order: 1 });
  await listen(name);
  expect(await emit({ order: 2 })).toEqual({ event_id });
  expect(await query('SELECT id, data FROM events WHERE name = $1')).toEqual([
    { id: event_id, data: { order: 1 } },
  ]);
  expect(await messages(name)).toEqual([]);
  expect((await emit({}, `${name} other`)).event_id).not.toBe(event_id);
});

test('a step that listens twice waits once', async () => {
  await listen(name);
  await listen(name);
  await emit();
  expect((await messages(name)).length).toBe(1);
});

test.each(['', 'two words', '1st', 'a'.repeat(65)])('the name %j is refused', async (bad) => {
  const emitted = events.emit({ name: bad, data: {}, key: 'k', run_id: 'r', actor: 'ann' });
  await expect(emitted).rejects.toMatchObject({ code: 'input_invalid' });
});

test('data that cannot be compared is refused, and leaves no event', async () => {
  const nul = expect.objectContaining({ code: 'input_invalid' });
  await expect(emit({ text: 'a\u0000b' })).rejects.toEqual(nul);
  await expect(listen(name, { text: 'a\u0000b' })).rejects.toEqual(nul);
  expect(await query('SELECT 1 FROM events WHERE name = $1')).toEqual([]);
});
