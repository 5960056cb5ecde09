import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MissionError } from '../../src/contracts/errors.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import type { ForeachStep, PlanStep } from '../../src/contracts/plan.js';
import { startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { nameOf, plan, script } from '../support/plans.js';

const foreach = (
  path: string,
  steps: PlanStep[],
  changes: Partial<ForeachStep> = {},
): ForeachStep => ({
  kind: 'foreach',
  path,
  name: nameOf(path),
  items: [],
  steps,
  concurrency: 1,
  item_error: 'fail',
  own: false,
  effect: false,
  ...changes,
});
const set = (path: string, values: Record<string, string>): PlanStep => ({
  kind: 'set',
  path,
  name: nameOf(path),
  values,
  own: false,
  effect: false,
});

describe('long and large runs', () => {
  let engine: TestEngine;
  const calls = new Map<string, number>();
  let gate: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    engine = await startTestEngine({
      projectScripts: {
        async run(_script, { inputs, context, name, signal }): Promise<JsonObject> {
          const key = `${context.step_path}#${context.iteration}`;
          calls.set(key, (calls.get(key) ?? 0) + 1);
          if (name === 'blob') return { text: 'x'.repeat(Number(inputs.n)), status: 'big' };
          if (name === 'hang') {
            await new Promise((resolve, reject) => {
              void gate.then(resolve);
              signal.addEventListener('abort', () => reject(new MissionError('cancelled', 'cut')));
            });
          }
          if (name === 'flaky' && context.attempt === 1 && Number(inputs.n) % 7 === 0) {
            throw new MissionError('timeout', 'flaky');
          }
          return { n: inputs.n ?? null };
        },
      },
    });
  });
  afterAll(() => engine.stop());

  test('900 own steps go on in a new history, each once', async () => {
    const started = Date.now();
    const run = await engine.run(
      plan([
        foreach(
          'loop',
          [
            script('loop/own', { own: true, inputs: { n: '{{ item }}' } }),
            set('loop/s', { m: '{{ n + 1 }}' }),
          ],
          {
            items: '{{ range(0, 900) }}',
            concurrency: 8,
          },
        ),
        set('end', {
          n: '{{ len(items) }}',
          last: '{{ items[899].m }}',
          sum: '{{ sum(pluck(items, "m")) }}',
        }),
      ]),
    );
    expect(run).toMatchObject({ status: 'success', result: { n: 900, last: 900, sum: 405450 } });
    const own = [...calls].filter(([key]) => key.startsWith('loop/own'));
    expect(own).toHaveLength(900);
    expect(own.every(([, times]) => times === 1)).toBe(true);
    const chain = await (await workflowOf(engine, run.id)).describe();
    expect(chain.historyLength).toBeLessThan(4096);
    const { firstRunId, execution } = chain.raw.workflowExecutionInfo!;
    expect(execution?.runId).not.toBe(firstRunId);
    const first = await (await workflowOf(engine, run.id, firstRunId!)).describe();
    expect(first.historyLength).toBeGreaterThan(3500);
    expect(first.historyLength).toBeLessThanOrEqual(4096);
    console.log('900 own', Date.now() - started);
  }, 180_000);

  test('large values travel by reference', async () => {
    const run = await engine.run(
      plan([
        script('big', { script: 'blob', inputs: { n: 300000 } }),
        set('a', { length: '{{ len(text) }}', start: '{{ slice(steps.big.text, 0, 3) }}' }),
        script('own', { own: true, inputs: { n: '{{ steps.big.text }}' } }),
        set('c', { same: '{{ steps.own.n == steps.big.text }}', a: '{{ steps.a }}' }),
        foreach(
          'loop',
          [script('loop/b', { script: 'blob', inputs: { n: '{{ item * 50000 }}' } })],
          { items: '{{ range(1, 12) }}' },
        ),
        {
          kind: 'return',
          path: 'r',
          name: 'r',
          own: false,
          effect: false,
          value: {
            c: '{{ steps.c }}',
            last: '{{ len(steps.loop.items[10].text) }}',
            tally: '{{ small_count }}',
          },
        },
      ]),
    );
    expect(run.error).toBeNull();
    expect(run.result).toEqual({
      c: { same: true, a: { length: 300000, start: 'xxx' } },
      last: 550000,
      tally: 0,
    });
  });

  test('retries inside a loop cost no other item', async () => {
    calls.clear();
    const retry = {
      attempts: 3,
      initial_seconds: 0.01,
      factor: 1,
      maximum_seconds: 1,
      jitter: false,
    };
    const started = Date.now();
    const run = await engine.run(
      plan([
        foreach(
          'loop',
          [script('loop/a', { script: 'flaky', retry, inputs: { n: '{{ item }}' } })],
          { items: '{{ range(1, 50) }}' },
        ),
      ]),
    );
    console.log('7 retries', Date.now() - started);
    expect(run).toMatchObject({ status: 'success', result: { count: 49 } });
    expect([...calls.values()].filter((n) => n === 2)).toHaveLength(7);
    expect(calls.size).toBe(49);
  });

  test.each([false, true])('cancel, own step: %s', async (own) => {
    calls.clear();
    gate = new Promise(() => {});
    const id = await engine.accept(
      plan([script('a'), script('b', { script: 'hang', own, timeout_seconds: 30 }), script('c')]),
    );
    while (!calls.has('b#')) await new Promise((r) => setTimeout(r, 10));
    // The row of an own step is written beside its call.
    const shown = `SELECT 1 FROM execution_steps WHERE run_id = $1 AND path = 'b'`;
    while (own && (await engine.dataSource.query(shown, [id])).length === 0)
      await new Promise((r) => setTimeout(r, 10));
    await engine.cancel(id);
    const run = await engine.ended(id);
    expect(run).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    expect(calls.has('c#')).toBe(false);
    const rows = await engine.dataSource.query(
      'SELECT * FROM execution_steps WHERE run_id = $1 ORDER BY path',
      [id],
    );
    expect(
      rows.map((row: { path: string; status: string }) => `${row.path} ${row.status}`),
    ).toEqual(own ? ['a success', 'b cancelled'] : ['a success']);
    await expect((await workflowOf(engine, id)).result()).rejects.toThrow('cancelled');
  });

  test('nested loops and branches with own steps inside', async () => {
    calls.clear();
    const run = await engine.run(
      plan([
        foreach(
          'outer',
          [
            {
              kind: 'conditional',
              path: 'outer/c',
              name: 'c',
              test: '{{ item % 2 == 0 }}',
              own: false,
              effect: false,
              then: [
                foreach(
                  'outer/c/then/inner',
                  [script('outer/c/then/inner/own', { own: true, inputs: { n: '{{ item }}' } })],
                  { items: '{{ range(0, item) }}' },
                ),
              ],
              else: [set('outer/c/else/s', { count: '{{ -1 }}' })],
            },
          ],
          { items: '{{ range(0, 5) }}' },
        ),
      ]),
    );
    expect(run).toMatchObject({
      status: 'success',
      result: { items: [{ count: 0 }, { count: -1 }, { count: 2 }, { count: -1 }, { count: 4 }] },
    });
    expect([...calls.keys()].sort()).toEqual(
      ['2.0', '2.1', '4.0', '4.1', '4.2', '4.3'].map((i) => `outer/c/then/inner/own#${i}`),
    );
  });
});
