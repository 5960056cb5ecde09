import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { threadProject, type ThreadProject } from './project.js';
import { principal } from './support.js';

let at: ThreadProject;
beforeAll(async () => void (at = await threadProject()), 120_000);
afterAll(() => at?.close());

const anna = principal();
const opened = async (request = {}) =>
  (await at.threads.open(anna, { directive: 'talk', ...request })).id;
const post = (id: string, message: string, more = {}) =>
  at.messages.post(anna, id, { message, ...more });
const statuses = async (id: string) =>
  (await at.threads.messages(anna, id))
    .filter(({ role }) => role === 'user')
    .map(({ status }) => status);

test('a message has a sequence of its own, and an order to look at it', async () => {
  const id = await opened();
  const [first, second] = [await post(id, 'a'), await post(id, 'b')];
  expect([first.seq, second.seq]).toEqual([1, 2]);
  const orders = await at.dataSource.query(
    `SELECT 1 FROM outbox WHERE kind = 'thread' AND run_id = $1`,
    [id],
  );
  expect(orders).toHaveLength(2);
});

test('the same client id is the same message; with another text it is refused', async () => {
  const id = await opened();
  const first = await post(id, 'a', { client_id: 'x' });
  expect(await post(id, 'a', { client_id: 'x' })).toEqual(first);
  await expect(post(id, 'b', { client_id: 'x' })).rejects.toMatchObject({ code: 'conflict' });
  expect(await statuses(id)).toEqual(['queued']);
});

test('a busy thread does what its rule says', async () => {
  const id = await opened();
  await post(id, 'a');
  await expect(post(id, 'b', { on_busy: 'reject' })).rejects.toMatchObject({ code: 'conflict' });
  await post(id, 'c');
  await post(id, 'd', { on_busy: 'interrupt' });
  expect(await statuses(id)).toEqual(['cancelled', 'cancelled', 'queued']);
  await post(id, 'e', { on_busy: 'rollback' });
  expect(await statuses(id)).toEqual(['cancelled', 'cancelled', 'rolled_back', 'queued']);
  await expect(post(id, 'f', { on_busy: 'ask' })).rejects.toMatchObject({ code: 'input_invalid' });
});

test('a run that answers is cancelled by an interruption, and its message ends with it', async () => {
  const id = await opened();
  await post(id, 'a');
  await at.turns.advance(id);
  await post(id, 'b', { on_busy: 'interrupt' });
  const [run] = await at.dataSource.query(
    'SELECT cancel_requested FROM directive_executions WHERE thread_id = $1',
    [id],
  );
  expect(run).toEqual({ cancel_requested: true });
  expect(await statuses(id)).toEqual(['running', 'queued']);
});

test('a paused thread begins nothing, also with a new message', async () => {
  const id = await opened();
  await post(id, 'a');
  await at.messages.pause(anna, id);
  await post(id, 'b');
  expect(await at.turns.advance(id)).toEqual({ state: 'waiting' });
  await at.messages.resume(anna, id);
  expect(await at.turns.advance(id)).toMatchObject({ state: 'answering' });
});

test('a closed thread takes no message; one that was only left alone does', async () => {
  const id = await opened();
  await post(id, 'a');
  expect(await at.messages.cancel(anna, id, { close: true })).toBe(1);
  expect(await statuses(id)).toEqual(['cancelled']);
  await expect(post(id, 'b')).rejects.toMatchObject({ code: 'conflict' });
  await expect(at.messages.pause(anna, id)).rejects.toMatchObject({ code: 'conflict' });
  const left = await opened();
  await at.dataSource.query(`UPDATE threads SET status = 'completed' WHERE id = $1`, [left]);
  await post(left, 'again');
  expect((await at.threads.find(anna, left)).status).toBe('running');
});

test('what is no message is refused', async () => {
  const id = await opened();
  await expect(post(id, '  ')).rejects.toMatchObject({ code: 'input_invalid' });
  await expect(post(id, 'x'.repeat(100_001))).rejects.toMatchObject({ code: 'too_large' });
  await expect(at.messages.post(principal('ben'), id, { message: 'a' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
