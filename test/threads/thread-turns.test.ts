import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { finishRun } from '../../src/runs/ending/finish.js';
import { TALK, threadProject, type ThreadProject } from './project.js';
import { eventsOf, principal } from './support.js';

let at: ThreadProject;
beforeAll(async () => void (at = await threadProject()), 120_000);
afterAll(() => at?.close());

const anna = principal();

async function asked(...texts: string[]) {
  const { id } = await at.threads.open(anna, { directive: 'talk', inputs: { tone: 'warm' } });
  for (const message of texts) await at.messages.post(anna, id, { message });
  return id;
}
const runsOf = (id: string) =>
  at.dataSource.query(
    'SELECT * FROM directive_executions WHERE thread_id = $1 ORDER BY created_at',
    [id],
  );
const finish = (run: string, text: string) =>
  finishRun(at.dataSource, run, { status: 'success', result: { text } });

test('messages are answered one after the other, each by one run, however often one looks', async () => {
  const id = await asked('first', 'second');
  const looks = await Promise.all([1, 2, 3].map(() => at.turns.advance(id)));
  const [run, ...others] = await runsOf(id);
  expect(others).toEqual([]);
  expect(looks).toEqual(looks.map(() => ({ state: 'answering', run_id: run.id })));
  expect(run).toMatchObject({
    actor: 'anna',
    inputs: { request: 'first', tone: 'warm', user_context: { user_id: 'anna', channel: null } },
  });
  await finish(run.id, 'one');
  await at.turns.advance(id);
  const [, next] = await runsOf(id);
  await finish(next.id, 'two');
  expect(await at.turns.advance(id)).toEqual({ state: 'waiting' });
  const messages = await at.threads.messages(anna, id);
  expect(messages.map(({ seq, content }) => [seq, content])).toEqual([
    [1, 'first'],
    [2, 'second'],
    [3, 'one'],
    [4, 'two'],
  ]);
});

test('the end of a run orders a look at its thread', async () => {
  const id = await asked('first');
  await at.turns.advance(id);
  await at.dataSource.query('DELETE FROM outbox');
  const [run] = await runsOf(id);
  await finish(run.id, 'one');
  expect(await at.dataSource.query('SELECT kind, run_id FROM outbox')).toEqual([
    { kind: 'thread', run_id: id },
  ]);
});

test('the plan stays that of the opening', async () => {
  const id = await asked('first');
  at.write('talk', TALK.replace('1.0.0', '9.0.0'));
  await at.turns.advance(id);
  at.write('talk', TALK);
  expect((await runsOf(id))[0]).toMatchObject({ directive_version: '1.0.0' });
});

test('an answer that cannot begin is told, and the next one begins', async () => {
  const id = await asked('first', 'second');
  await at.dataSource.query(`UPDATE threads SET inputs = '{"tone": 5}' WHERE id = $1`, [id]);
  expect(await at.turns.advance(id)).toEqual({ state: 'waiting' });
  const events = await eventsOf(at.dataSource, id);
  expect(events.map(({ type }) => type)).toEqual([
    'error',
    'message_stop',
    'error',
    'message_stop',
  ]);
  expect(events[0].data).toMatchObject({ code: 'input_invalid' });
});

test('a thread that nobody uses is closed, a used one is not', async () => {
  const id = await asked('first');
  expect(await at.turns.expire(id)).toBe(false);
  await at.turns.advance(id);
  const [run] = await runsOf(id);
  await finish(run.id, 'one');
  await at.turns.advance(id);
  expect(await at.turns.expire(id)).toBe(false);
  await at.dataSource.query(
    `UPDATE threads SET updated_at = now() - interval '61 minutes' WHERE id = $1`,
    [id],
  );
  expect(await at.turns.expire(id)).toBe(true);
  expect(await at.turns.advance(id)).toEqual({ state: 'closed' });
});
