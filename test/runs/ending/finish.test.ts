import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { CHANNELS, SLOTS_HINT } from '../../../src/contracts/engine.js';
import { NOTHING_SPENT } from '../../../src/contracts/run/spent.js';
import { finishRun } from '../../../src/runs/ending/finish.js';
import { insertRun, insertStep } from '../../observation/rows.js';
import { until } from '../../support/instance.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
let id: string;
let runs = 0;

beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database?.close());

beforeEach(() => {
  id = `run-${++runs}`;
});

const query = (sql: string, parameters: unknown[] = [id]) => database.source.query(sql, parameters);
const run = async (of = id) =>
  (await query('SELECT * FROM directive_executions WHERE id = $1', [of]))[0];
const outbox = (of: string) =>
  query('SELECT kind FROM outbox WHERE run_id = $1 ORDER BY kind', [of]);
const audit = () =>
  query(`SELECT * FROM audit_events WHERE target = 'execution:' || $1 ORDER BY id`);

const SUCCESS = { status: 'success' as const, result: { n: 1 } };

test('a run ends once: the first end wins', async () => {
  await insertRun(database.source, id, { status: 'running' });
  const spent = { ...NOTHING_SPENT, steps: 3 };
  expect(await finishRun(database.source, id, SUCCESS, { engineRunId: 'e', spent })).toBe(true);
  const error = { code: 'script_failed', message: 'no' };
  expect(await finishRun(database.source, id, { status: 'error', error })).toBe(false);
  expect(await run()).toMatchObject({
    status: 'success',
    result: { n: 1 },
    error: null,
    spent,
    ended_run_id: 'e',
  });
  expect((await run()).duration_ms).toBeGreaterThanOrEqual(0);
  expect(await audit()).toMatchObject([
    { action: 'execution.end', actor: 'operator', data: { status: 'success', code: null } },
  ]);
});

test('of ends at the same time one is written', async () => {
  await insertRun(database.source, id, { status: 'running' });
  const ends = await Promise.all(
    Array.from({ length: 8 }, () => finishRun(database.source, id, SUCCESS)),
  );
  expect(ends.filter(Boolean).length).toBe(1);
  expect((await audit()).length).toBe(1);
});

test('a failure is written with its message, without NUL where Postgres cannot hold it', async () => {
  await insertRun(database.source, id, { status: 'running' });
  const error = { code: 'script_failed', message: 'a\u0000b', step: 'call' };
  await finishRun(database.source, id, { status: 'error', error });
  const [row] = await query(
    'SELECT status, error_message, error::text FROM directive_executions WHERE id = $1',
  );
  expect(row).toMatchObject({ status: 'error', error_message: 'ab' });
  expect(JSON.parse(row.error)).toEqual(error);
  expect(await audit()).toMatchObject([{ data: { status: 'error', code: 'script_failed' } }]);
});

test('with it end what is under way: steps, questions, waits for events, fences', async () => {
  await insertRun(database.source, id, { status: 'running' });
  await insertStep(database.source, id, 'a', { status: 'running' });
  await insertStep(database.source, id, 'b', { status: 'waiting' });
  await insertStep(database.source, id, 'c');
  await query(`INSERT INTO approvals (id, run_id, path, iteration, step, description, who, quorum, self_approval, form, expires_at)
    VALUES (gen_random_uuid(), $1, 'ask', '', 'ask', 'd', '[]', 1, false, '{}', now() + interval '1 day')`);
  await query(
    `INSERT INTO event_waits (run_id, path, iteration, name, match) VALUES ($1, 'w', '', 'go', '{}')`,
  );
  await query(`INSERT INTO run_segments (run_id, segment) VALUES ($1, 's')`);
  await finishRun(database.source, id, { status: 'cancelled' });
  const steps = await query('SELECT status FROM execution_steps WHERE run_id = $1 ORDER BY path');
  expect(steps).toEqual([{ status: 'cancelled' }, { status: 'cancelled' }, { status: 'success' }]);
  expect(await query('SELECT status FROM approvals WHERE run_id = $1')).toEqual([
    { status: 'cancelled' },
  ]);
  for (const table of ['event_waits', 'run_segments']) {
    expect(await query(`SELECT 1 FROM ${table} WHERE run_id = $1`)).toEqual([]);
  }
});

test('its parent gets a message, and its children are asked to end; those that ended are left alone', async () => {
  const { source } = database;
  const [parent, child, over] = [`${id}-parent`, `${id}-child`, `${id}-over`] as const;
  await insertRun(source, parent, { status: 'running' });
  await insertRun(source, id, { status: 'running', parent_id: parent });
  await insertRun(source, child, { status: 'running', parent_id: id });
  await insertRun(source, over, { status: 'success', parent_id: id });
  await finishRun(source, id, SUCCESS);
  expect(await query('SELECT run_id, kind FROM run_messages WHERE name = $1')).toEqual([
    { run_id: parent, kind: 'child' },
  ]);
  expect(await outbox(parent)).toEqual([{ kind: 'messages' }]);
  expect(await outbox(child)).toEqual([{ kind: 'cancel' }, { kind: 'terminate' }]);
  expect(await run(child)).toMatchObject({
    cancel_requested: true,
    cancel_reason: 'its parent ended',
    status: 'running',
  });
  expect(await outbox(over)).toEqual([]);
});

test('a child that was asked to end before keeps its time', async () => {
  const child = `${id}-child`;
  const due = new Date(Date.now() + 5_000);
  await insertRun(database.source, id, { status: 'running' });
  await insertRun(database.source, child, {
    parent_id: id,
    cancel_requested: true,
    cancel_due_at: due,
  });
  await finishRun(database.source, id, SUCCESS);
  expect((await run(child)).cancel_due_at).toEqual(due);
  expect(await outbox(child)).toEqual([]);
});

test('the end of a shadow run is audited as such', async () => {
  await insertRun(database.source, id, { status: 'running', shadow_of: 'recorded' });
  await finishRun(database.source, id, SUCCESS);
  expect(await audit()).toMatchObject([{ action: 'execution.shadow_end' }]);
});

test('who waits for its end hears of it, and who waits for its place', async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    const heard: unknown[] = [];
    client.on('notification', ({ channel, payload }) => heard.push([channel, payload]));
    for (const channel of [CHANNELS.observation, CHANNELS.outbox]) {
      await client.query(`LISTEN ${channel}`);
    }
    await insertRun(database.source, id, { status: 'running', slot_key: 'k', slot_held: true });
    await finishRun(database.source, id, SUCCESS);
    await until('both are told', () => heard.length >= 2);
    expect(heard).toContainEqual([CHANNELS.observation, id]);
    expect(heard).toContainEqual([CHANNELS.outbox, SLOTS_HINT]);
  } finally {
    await client.end();
  }
});
