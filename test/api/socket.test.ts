import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { createKey, hashKey } from '../../src/access/api-key.js';
import { insertLog, insertRun, insertStep, notify, updateRun } from '../observation/rows.js';
import { Notifier } from '../../src/platform/database/listening/notifier.js';
import { Journal } from '../../src/runs/journal/journal.js';
import { until } from '../support/instance.js';
import { createTestDatabase } from '../support/stack.js';
import { TestApi } from './support.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let apis: TestApi[];
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase();
  apis = [await TestApi.open(database.url), await TestApi.open(database.url)];
  api = apis[0]!;
});

afterAll(async () => {
  for (const each of apis) await each.close();
  await database.drop();
});

const next = async (events: AsyncIterator<any>) => {
  const answer = await Promise.race([events.next(), delay(4_000, undefined, { ref: false })]);
  if (!answer) throw new Error('no event came');
  return answer.value;
};

const RUN = 'subscription ($id: ID) { executionUpdated(id: $id) { id status } }';
const STEPS = 'subscription ($id: ID!) { stepUpdated(executionId: $id) { path status } }';
const LOGS = 'subscription ($id: ID) { logAdded(executionId: $id) { message } }';

test('both processes tell of a run: as it is, then as it becomes', async () => {
  await insertRun(api.dataSource, 'r');
  const query =
    'subscription ($id: ID) { executionUpdated(id: $id) { id status temporalUrl steps { name } } }';
  const all = apis.map((each) => each.subscribe(query, { id: 'r' }));
  for (const events of all) {
    expect((await next(events)).data.executionUpdated).toMatchObject({
      id: 'r',
      status: 'PENDING',
      steps: [],
    });
  }
  await insertStep(api.dataSource, 'r', 'one');
  await updateRun(api.dataSource, 'r', 'running');
  await notify(api.dataSource);
  for (const events of all) {
    const { status, steps } = (await next(events)).data.executionUpdated;
    expect([status, steps]).toEqual(['RUNNING', [{ name: 'one' }]]);
    await events.return?.();
  }
});

test('the steps so far, then every later one', async () => {
  await insertRun(api.dataSource, 's');
  await insertStep(api.dataSource, 's', 'before');
  const events = apis[1]!.subscribe(
    'subscription { stepUpdated(executionId: "s") { path status executionId } }',
  );
  expect((await next(events)).data.stepUpdated).toEqual({
    path: 'before',
    status: 'SUCCESS',
    executionId: 's',
  });
  for (const name of ['x', 'y', 'z']) await insertStep(api.dataSource, 's', name);
  await notify(api.dataSource);
  const paths = [await next(events), await next(events), await next(events)];
  expect(paths.map(({ data }) => data.stepUpdated.path)).toEqual(['x', 'y', 'z']);
  await events.return?.();
});

test('how far a step at work is, as it goes', async () => {
  await insertRun(api.dataSource, 'p', { status: 'running' });
  const journal = new Journal(api.dataSource, new Notifier(api.dataSource));
  const events = apis[1]!.subscribe(
    'subscription { stepUpdated(executionId: "p") { name status fused progress { done total message at } } }',
  );
  const place = { path: 'a', iteration: '', name: 'a', kind: 'script', attempt: 1, fused: true };
  const at = '2026-01-01T00:00:00.000Z';
  for (const done of [1, 2]) {
    const progress = { done, total: 3, message: null, at };
    await journal.showProgress('p', { ...place, started_ms: 0 }, progress);
    const step = { name: 'a', status: 'RUNNING', fused: true, progress };
    expect((await next(events)).data.stepUpdated).toEqual(step);
  }
  await events.return?.();
  // What comes after the end of the run, or of the step, shows nothing.
  await updateRun(api.dataSource, 'p', 'success');
  await api.dataSource.query(`UPDATE directive_executions SET completed_at = now() WHERE id = 'p'`);
  const late = { done: 3, total: 3, message: null, at };
  await journal.showProgress('p', { ...place, path: 'b', started_ms: 0 }, late);
  const rows = await api.dataSource.query(`SELECT path FROM execution_steps WHERE run_id = 'p'`);
  expect(rows).toEqual([{ path: 'a' }]);
});

/** Everything that a subscription tells, to its completion. */
async function all(events: AsyncIterator<any>, most = 20) {
  const told: any[] = [];
  for (let event = await next(events); event; event = await next(events)) {
    if (told.push(event.data ?? event) > most) throw new Error('it does not complete');
  }
  return told;
}

test('subscriptions of one run complete when it has ended, after everything was told', async () => {
  await insertRun(api.dataSource, 'c', { status: 'running' });
  await insertStep(api.dataSource, 'c', 'one');
  await insertLog(api.dataSource, 'c', 'first');
  const runs = apis.map((each) => all(each.subscribe(RUN, { id: 'c' })));
  const steps = apis.map((each) => all(each.subscribe(STEPS, { id: 'c' })));
  const logs = all(api.subscribe(LOGS, { id: 'c' }));
  await delay(200);
  await insertStep(api.dataSource, 'c', 'two');
  await updateRun(api.dataSource, 'c', 'success');
  await notify(api.dataSource, 'c');
  await insertLog(api.dataSource, 'c', 'late');
  for (const told of await Promise.all(runs)) {
    const statuses = told.map(({ executionUpdated }) => executionUpdated.status);
    expect(statuses).toEqual(['RUNNING', 'SUCCESS']);
  }
  for (const told of await Promise.all(steps)) {
    expect(told.map(({ stepUpdated }) => stepUpdated.path)).toEqual(['one', 'two']);
  }
  expect((await logs).map(({ logAdded }) => logAdded.message)).toEqual(['first', 'late']);
});

test('of a run that had ended before, too, and without a hint', async () => {
  await insertRun(api.dataSource, 'past', { status: 'error' });
  await insertStep(api.dataSource, 'past', 'one');
  expect(await all(api.subscribe(RUN, { id: 'past' }))).toHaveLength(1);
  expect(await all(api.subscribe(STEPS, { id: 'past' }))).toHaveLength(1);
  expect(await all(api.subscribe(LOGS, { id: 'past' }))).toEqual([]);
  // The hint of an end may be lost: the poll of each second notices.
  await insertRun(api.dataSource, 'silent', { status: 'running' });
  const steps = all(api.subscribe(STEPS, { id: 'silent' }));
  await delay(200);
  await updateRun(api.dataSource, 'silent', 'cancelled');
  expect(await steps).toEqual([]);
});

test('a run that is not there is an error, and no silence', async () => {
  for (const query of [RUN, STEPS, LOGS]) {
    const told = await next(api.subscribe(query, { id: 'nobody' })).catch((thrown) => thrown);
    const [error] = told.errors ?? told;
    expect(error).toMatchObject({
      message: 'There is no run nobody.',
      extensions: { code: 'not_found' },
    });
  }
});

test('subscriptions of every run go on', async () => {
  const events = api.subscribe('subscription { executionUpdated { id } }');
  const first = next(events);
  await delay(200);
  await insertRun(api.dataSource, 'each_1', { status: 'success' });
  await notify(api.dataSource, 'each_1');
  expect((await first).data.executionUpdated.id).toBe('each_1');
  await insertRun(api.dataSource, 'each_2');
  await notify(api.dataSource);
  expect((await next(events)).data.executionUpdated.id).toBe('each_2');
  await events.return?.();
});

test('a process that ends closes its sockets and completes nothing', async () => {
  const short = await TestApi.open(database.url);
  await insertRun(short.dataSource, 'goes_on', { status: 'running' });
  const heard: string[] = [];
  const socket = new WebSocket(
    `${short.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  socket.on('open', () =>
    send({ type: 'connection_init', payload: { authorization: `Bearer ${short.key}` } }),
  );
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data));
    heard.push(type);
    const payload = { query: STEPS, variables: { id: 'goes_on' } };
    if (type === 'connection_ack') send({ id: '1', type: 'subscribe', payload });
  });
  const closed = once(socket, 'close');
  await insertStep(short.dataSource, 'goes_on', 'one');
  await until('the step is told', () => heard.includes('next'));
  await short.close();
  expect((await closed)[0]).toBe(1001);
  expect(heard).toEqual(['connection_ack', 'next']);
});

test('log lines of a level and graver', async () => {
  await insertRun(api.dataSource, 'l');
  const events = api.subscribe(
    'subscription { logAdded(executionId: "l", level: WARN) { message level } }',
  );
  const first = next(events);
  await delay(100);
  for (const level of ['info', 'warn', 'debug', 'error'])
    await insertLog(api.dataSource, 'l', level, { level });
  await notify(api.dataSource);
  expect((await first).data.logAdded).toEqual({ message: 'warn', level: 'WARN' });
  expect((await next(events)).data.logAdded).toEqual({ message: 'error', level: 'ERROR' });
  await events.return?.();
});

/** Why a socket was closed. */
const closing = (url: string, init: unknown, headers: Record<string, string> = {}) =>
  new Promise<number | string>((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers,
    });
    socket.on('open', () => socket.send(typeof init === 'string' ? init : JSON.stringify(init)));
    socket.on('close', resolve);
    socket.on('error', (error) => resolve(error.message));
  });

test('no key, no socket; a stranger’s page neither', async () => {
  expect(await closing(api.url, { type: 'connection_init' })).toBe(4401);
  const payload = { authorization: 'Bearer mc_local_wrong' };
  expect(await closing(api.url, { type: 'connection_init', payload })).toBe(4401);
  expect(await closing(api.url, {}, { origin: 'https://attacker.example' })).toContain('403');
  expect(await closing(api.url, {}, { host: 'attacker.example' })).toContain('403');
});

test('a message that is too big, or no message at all, closes the socket and not the process', async () => {
  expect(await closing(api.url, 'x'.repeat(3_000_000))).toBe(1009);
  expect(await closing(api.url, 'rubbish')).toBe(4400);
  expect((await api.request('/live')).status).toBe(200);
});

test('a key that is revoked closes its sockets within seconds', async () => {
  const key = createKey();
  await api.dataSource.query(
    `INSERT INTO api_keys (hash, name, actor, role) VALUES ($1, 'short', 'operator', 'operator')`,
    [hashKey(key)],
  );
  const closed = new Promise<number>((resolve) => {
    const events = api
      .socket(key, resolve)
      .iterate({ query: 'subscription { executionUpdated { id } }' });
    events.next().catch(() => undefined);
  });
  await delay(300);
  await api.dataSource.query(`UPDATE api_keys SET revoked_at = now() WHERE name = 'short'`);
  const start = Date.now();
  expect(await closed).toBe(4401);
  expect(Date.now() - start).toBeLessThan(5_000);
});

test('queries and mutations work on the socket, failures in the same shape', async () => {
  const ask = async (query: string) => await next(api.socket().iterate({ query }));
  expect(
    (await ask('{ executions(first: 1) { nodes { id } } }')).data.executions.nodes,
  ).toHaveLength(1);
  const { errors } = await ask('mutation { cancelExecution(id: "none") { id } }');
  expect(errors[0].extensions.code).toBe('not_found');
});
