import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '../../../src/platform/logger.js';
import { Dispatcher } from '../../../src/runs/dispatch/dispatcher.js';
import { WorkerCapacity } from '../../../src/runs/dispatch/worker-capacity.js';
import type { OutboxClaim, OutboxHandlers } from '../../../src/runs/dispatch/outbox-claim.js';
import { insertRun } from '../../observation/rows.js';
import { until } from '../../support/instance.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
let runs = 0;
const started: Dispatcher[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database?.close());

afterEach(async () => {
  for (const dispatcher of started.splice(0)) await dispatcher.stop();
  await database.source.query('DELETE FROM outbox');
});

const forget = async ({ outbox_id }: OutboxClaim) =>
  void (await database.source.query('DELETE FROM outbox WHERE id = $1', [outbox_id]));

/** A dispatcher that does the same for each kind of row. */
async function start(handle: (claim: OutboxClaim) => Promise<void>, load = new WorkerCapacity(1)) {
  const handlers = {
    start: handle,
    cancel: handle,
    terminate: handle,
    messages: handle,
    thread: handle,
  };
  const dispatcher = new Dispatcher({
    dataSource: database.source,
    databaseUrl: database.url,
    handlers: handlers satisfies OutboxHandlers,
    load,
    logger: createLogger('test', 'error'),
  });
  started.push(dispatcher);
  await dispatcher.start();
  return dispatcher;
}

/** An accepted run with one outbox row. */
async function post(kind: string, due = 'now()'): Promise<string> {
  const id = `run-${++runs}`;
  await insertRun(database.source, id);
  await database.source.query(`INSERT INTO outbox (kind, run_id, due_at) VALUES ($1, $2, ${due})`, [
    kind,
    id,
  ]);
  return id;
}

const outboxOf = async (id: string) =>
  (
    await database.source.query(
      'SELECT *, extract(epoch FROM due_at - now())::float8 AS in_seconds FROM outbox WHERE run_id = $1',
      [id],
    )
  )[0];

test('a row is claimed with its run, for a time in which nobody else takes it', async () => {
  const id = await post('start');
  const claims: OutboxClaim[] = [];
  const handle = async (claim: OutboxClaim) => void claims.push(claim);
  await Promise.all([start(handle), start(handle)]);
  await until('it is claimed', () => claims.length > 0);
  expect(claims[0]).toMatchObject({
    id,
    kind: 'start',
    outbox_attempts: 1,
    directive_name: 'demo',
    workflow_run_id: null,
    over: false,
  });
  const { attempts, in_seconds } = await outboxOf(id);
  expect(attempts).toBe(1);
  expect(in_seconds).toBeGreaterThan(10);
  // The second dispatcher has looked again by then.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(claims.length).toBe(1);
});

test('a row that is not due yet is left alone', async () => {
  const later = await post('terminate', `now() + interval '1 hour'`);
  const now = await post('start');
  const done: string[] = [];
  await start(async (claim) => {
    done.push(claim.id);
    await forget(claim);
  });
  await until('the other one is done', () => done.includes(now));
  expect(done).toEqual([now]);
  expect(await outboxOf(later)).toMatchObject({ attempts: 0 });
});

test('a handler that throws is called again later, and the row says why', async () => {
  const id = await post('start');
  const attempts: number[] = [];
  await start(async (claim) => {
    attempts.push(claim.outbox_attempts);
    if (attempts.length === 1) throw new Error('the engine is away');
    await forget(claim);
  });
  await until('it has failed', async () => (await outboxOf(id))?.last_error);
  expect((await outboxOf(id)).last_error).toContain('the engine is away');
  await until('it is done', async () => (await outboxOf(id)) === undefined);
  expect(attempts).toEqual([1, 2]);
});

test('one that fails does not hold up the others', async () => {
  const bad = await post('start');
  const good = await post('start');
  await start(async (claim) => {
    if (claim.id === bad) throw new Error('bad');
    await forget(claim);
  });
  await until('the good one is done', async () => (await outboxOf(good)) === undefined);
  expect(await outboxOf(bad)).toBeDefined();
});

test('orders do not queue behind more starts than can be under way', async () => {
  for (let n = 0; n < 40; n++) await post('start');
  const order = await post('cancel');
  let underWay = 0;
  let most = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  await start(async (claim) => {
    most = Math.max(most, ++underWay);
    if (claim.kind === 'start') await gate;
    await forget(claim);
    underWay--;
  });
  await until('the order is carried out', async () => (await outboxOf(order)) === undefined);
  open();
  await until('all are', async () => {
    const [{ count }] = await database.source.query('SELECT count(*)::int FROM outbox');
    return count === 0;
  });
  expect(most).toBeLessThanOrEqual(32);
});

test('a worker that is full carries out orders and starts nothing, until there is room', async () => {
  const [begin, order] = [await post('start'), await post('messages')];
  const load = new WorkerCapacity(1);
  let free = () => {};
  const busy = load.during(() => new Promise<void>((resolve) => (free = resolve)));
  await start(forget, load);
  await until('the order is carried out', async () => (await outboxOf(order)) === undefined);
  expect(await outboxOf(begin)).toMatchObject({ attempts: 0 });
  free();
  await busy;
  await until('it is started', async () => (await outboxOf(begin)) === undefined);
});

test('a stop waits for what is under way, and takes nothing new', async () => {
  const first = await post('start');
  let open: (() => void) | undefined;
  const dispatcher = await start(async (claim) => {
    await new Promise<void>((resolve) => (open = resolve));
    await forget(claim);
  });
  await until('it is under way', () => open);
  let isStopped = false;
  const stopped = dispatcher.stop().then(() => (isStopped = true));
  const second = await post('start');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isStopped).toBe(false);
  open!();
  await stopped;
  expect(await outboxOf(first)).toBeUndefined();
  expect(await outboxOf(second)).toMatchObject({ attempts: 0 });
});
