import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { MissionError } from '../../src/contracts/errors.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import type { Plan } from '../../src/contracts/plan.js';
import { createLogger } from '../../src/platform/logger.js';
import { Reconciler } from '../../src/runs/reconciler.js';
import { startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { until } from '../support/instance.js';
import { plan, script } from '../support/plans.js';

const own = (name: string) => script(name, { script: name, own: true, timeout_seconds: 300 });
const HANGING = plan([own('hang')], { name: 'hanging' });

let engine: TestEngine;
let begun = 0;
const names: string[] = [];
/** Absent = it hangs until it is cut off. */
let behave: ((script: string) => Promise<void>) | undefined;
let reconciler: Reconciler;

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      run: async (script, { signal }) => {
        begun++;
        names.push(script.name);
        if (behave) return (await behave(script.name)) ?? {};
        return new Promise<JsonObject>((_, reject) => {
          signal.addEventListener('abort', () => reject(new MissionError('cancelled', 'cut')));
        });
      },
    },
  });
  reconciler = new Reconciler(engine.dataSource, engine.client, createLogger('test', 'error'));
});
afterAll(() => engine.stop());

/** A run that stands in its step, and has been quiet for a minute. */
async function quietRun(): Promise<string> {
  const before = begun;
  const id = await engine.accept(HANGING);
  await until('it hangs', () => begun > before);
  await engine.dataSource.query(
    `UPDATE directive_executions SET started_at = now() - interval '1 minute' WHERE id = $1`,
    [id],
  );
  return id;
}

const rowOf = async (id: string) =>
  (await engine.dataSource.query('SELECT * FROM directive_executions WHERE id = $1', [id]))[0];

const statusInEngine = async (workflowId: string) =>
  (await engine.client.workflow.getHandle(workflowId).describe()).status.name;

test('a workflow is called after its directive', async () => {
  const id = await quietRun();
  const named = `hanging-${id}`;
  expect((await rowOf(id)).workflow_id).toBe(named);
  expect(await statusInEngine(named)).toBe('RUNNING');
  await engine.cancel(id);
  expect(await engine.ended(id)).toMatchObject({ status: 'cancelled' });
});

test('a run that was started before keeps the id that it has there, its own', async () => {
  const like = await rowOf(await quietRun());
  const id = randomUUID();
  const before = begun;
  await engine.dataSource.query(
    `WITH run AS (INSERT INTO directive_executions
       (id, directive_name, directive_version, plan_hash, status, triggered_by, actor, inputs, root_id, workflow_run_id)
       VALUES ($1, $2, $3, $4, 'running', 'manual', 'tester', '{}', $1, 'of an earlier version') RETURNING id)
     INSERT INTO outbox (kind, run_id) SELECT 'start', id FROM run`,
    [id, like.directive_name, like.directive_version, like.plan_hash],
  );
  await until('it hangs', () => begun > before);
  expect(await statusInEngine(id)).toBe('RUNNING');
  await until('its start is written', async () => (await rowOf(id)).workflow_run_id.length === 36);
  expect((await rowOf(id)).workflow_id).toBeNull();
  await engine.dataSource.query(
    `UPDATE directive_executions SET started_at = now() - interval '1 minute' WHERE id = $1`,
    [id],
  );
  await reconciler.round();
  expect((await rowOf(id)).status).toBe('running');
  for (const each of [id, like.id]) await engine.cancel(each);
  expect(await engine.ended(id)).toMatchObject({ status: 'cancelled' });
  await until('it is over there', async () => (await statusInEngine(id)) !== 'RUNNING');
});

test('a run that was terminated in the engine ends; one that goes on is left alone', async () => {
  const [terminated, running] = [await quietRun(), await quietRun()];
  await reconciler.round();
  expect((await rowOf(terminated)).status).toBe('running');
  await (await workflowOf(engine, terminated)).terminate('by an operator');
  const row = await until('the end is seen', async () => {
    await reconciler.round();
    const row = await rowOf(terminated);
    return row.completed_at && row;
  });
  expect(row).toMatchObject({
    status: 'cancelled',
    error: { code: 'cancelled', message: 'The run was terminated in Temporal: by an operator' },
  });
  expect(await auditOf(terminated)).toEqual([
    { actor: 'temporal', action: 'execution.terminate' },
    { actor: 'tester', action: 'execution.end' },
  ]);
  expect((await rowOf(running)).status).toBe('running');
  await (await workflowOf(engine, running)).cancel();
  expect(await engine.ended(running)).toMatchObject({
    status: 'cancelled',
    error: { message: 'The run was cancelled in Temporal.' },
  });
  expect(await auditOf(running)).toEqual([
    { actor: 'temporal', action: 'execution.cancel' },
    { actor: 'tester', action: 'execution.end' },
  ]);
});

const auditOf = (id: string) =>
  engine.dataSource.query(
    `SELECT actor, action FROM audit_events WHERE target = 'execution:' || $1::text ORDER BY id`,
    [id],
  );

/** A reset to the workflow task that scheduled a step of its own, or a timer. */
async function reset(id: string, what: string): Promise<void> {
  const handle = await workflowOf(engine, id);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const [task] = events!.flatMap(
    ({ activityTaskScheduledEventAttributes: step, timerStartedEventAttributes: timer }) => {
      const found = step?.activityType?.name === what ? step : what === 'timer' ? timer : undefined;
      return found ? [found.workflowTaskCompletedEventId!] : [];
    },
  );
  await engine.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId, runId },
    reason: 'one more time',
    workflowTaskFinishEventId: task!,
    requestId: randomUUID(),
  });
}

/** Two steps of their own; the second waits for `release`, or fails when it is told to. */
const TWO = plan(['before', 'hang', 'after'].map(own), { name: 'taken_back' });

test('a run was reset in Temporal goes on: what had finished is not repeated', async () => {
  behave = async (name) => {
    if (name === 'hang') throw new MissionError('script_error', 'no');
  };
  const id = await engine.accept(TWO);
  expect(await engine.ended(id)).toMatchObject({ status: 'error', error: { step: 'hang' } });
  let release = () => {};
  behave = (name) =>
    name === 'hang' ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
  begun = 0;
  await reset(id, 'before');
  await until('it hangs', () => begun === 1);
  expect(await rowOf(id)).toMatchObject({ status: 'running', error: null, completed_at: null });
  release();
  expect(await engine.ended(id)).toMatchObject({ status: 'success' });
  expect(names.slice(-2)).toEqual(['hang', 'after']);
  expect(await auditOf(id)).toEqual([
    { actor: 'tester', action: 'execution.end' },
    { actor: 'temporal', action: 'execution.reset' },
    { actor: 'tester', action: 'execution.end' },
  ]);
  behave = undefined;
});

test('a run that was reset to a wait is seen by the reconciler', async () => {
  behave = async () => {};
  const wait = { kind: 'wait', duration_seconds: 1.5, own: true, effect: false } as const;
  const steps: Plan['steps'] = [TWO.steps[0]!, { ...wait, path: 'nap', name: 'nap' }];
  const id = await engine.accept({ ...TWO, steps });
  await engine.ended(id);
  await reset(id, 'timer');
  await until('the reset is seen', async () => {
    await reconciler.round();
    return (await rowOf(id)).status === 'running';
  });
  expect(await engine.ended(id)).toMatchObject({ status: 'success' });
  expect((await auditOf(id)).map(({ action }: { action: string }) => action)).toEqual([
    'execution.end',
    'execution.reset',
    'execution.end',
  ]);
  behave = undefined;
});

test('a run was unknown to Temporal and is started now', async () => {
  const id = await quietRun();
  const lost = randomUUID();
  await engine.dataSource.query(
    `INSERT INTO directive_executions (id, directive_name, directive_version, plan_hash, status, triggered_by,
       actor, inputs, root_id, created_at, started_at)
     SELECT $2, directive_name, directive_version, plan_hash, 'running', triggered_by, actor, inputs, $2,
       created_at, started_at FROM directive_executions WHERE id = $1`,
    [id, lost],
  );
  const before = begun;
  await reconciler.round();
  await until('it has begun', () => begun > before);
  for (const run of [id, lost]) {
    await engine.cancel(run);
    expect(await engine.ended(run)).toMatchObject({ status: 'cancelled' });
  }
});

test('a run whose payloads cannot be decrypted keeps no other from being looked at', async () => {
  const [locked, terminated] = [await quietRun(), await quietRun()];
  await (await workflowOf(engine, terminated)).terminate('by an operator');
  const decode = async (payloads: Payload[]) => {
    if (!payloads.some(({ data }) => Buffer.from(data ?? []).includes(locked))) return payloads;
    throw new MissionError('config_invalid', 'The key "k1" is missing.');
  };
  const codec: PayloadCodec = { encode: async (payloads) => payloads, decode };
  const { connection } = engine.client;
  const client = new Client({ connection, dataConverter: { payloadCodecs: [codec] } });
  const blind = new Reconciler(engine.dataSource, client, createLogger('test', 'error'));
  await until('the end is seen', async () => {
    await blind.round();
    return (await rowOf(terminated)).completed_at;
  });
  expect((await rowOf(locked)).status).toBe('running');
  await (await workflowOf(engine, locked)).terminate('the test is over');
});
