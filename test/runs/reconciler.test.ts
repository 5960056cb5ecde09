import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { JsonObject } from '../../src/contracts/json.js';
import type { Plan } from '../../src/contracts/plan.js';
import { createLogger } from '../../src/platform/logger.js';
import { Reconciler } from '../../src/runs/reconciler.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';
import { until } from '../support/instance.js';

const HANGING: Plan = {
  version: 1,
  name: 'hanging',
  directive_version: '1.0.0',
  inputs: {},
  permissions: null,
  limits: { ...DEFAULT_CEILINGS, duration_seconds: 600 },
  trace: 'auto',
  steps: [
    {
      kind: 'script',
      path: 'hang',
      name: 'hang',
      script: 'hang',
      system: false,
      inputs: {},
      own: true,
      effect: true,
      timeout_seconds: 300,
    },
  ],
};

let engine: TestEngine;
let begun = 0;
let reconciler: Reconciler;

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      run: (_script, { signal }) =>
        new Promise<JsonObject>((_, reject) => {
          begun++;
          signal.addEventListener('abort', () => reject(new MissionError('cancelled', 'cut')));
        }),
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

test('a run that was terminated in the engine ends; one that goes on is left alone', async () => {
  const [terminated, running] = [await quietRun(), await quietRun()];
  await reconciler.round();
  expect((await rowOf(terminated)).status).toBe('running');
  await engine.client.workflow.getHandle(terminated).terminate('by an operator');
  const row = await until('the end is seen', async () => {
    await reconciler.round();
    const row = await rowOf(terminated);
    return row.completed_at && row;
  });
  expect(row).toMatchObject({
    status: 'cancelled',
    error: { code: 'cancelled', message: 'The run was terminated in Temporal.' },
  });
  expect((await rowOf(running)).status).toBe('running');
  await engine.cancel(running);
  expect(await engine.ended(running)).toMatchObject({ status: 'cancelled' });
});

test('a run that the engine does not know is started', async () => {
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
