import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { ScriptStep, WaitStep } from '../../src/contracts/plan.js';
import { startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { until } from '../support/instance.js';
import { plan, script as echo } from '../support/plans.js';

const script = (path: string, changes: Partial<ScriptStep> = {}): ScriptStep =>
  echo(path, { script: 'double', inputs: { n: 1 }, ...changes });

describe('a run on the real engine', () => {
  let engine: TestEngine;
  let calls: string[] = [];

  beforeAll(async () => {
    engine = await startTestEngine({
      projectScripts: {
        async run(_script, { inputs, context, name }) {
          calls.push(`${context.step_path}#${context.iteration}~${context.attempt}`);
          if (name === 'fail_twice' && context.attempt < 3) {
            throw new MissionError('script_error', 'not yet');
          }
          if (name === 'broken' && calls.length === 1) {
            throw new MissionError('internal', 'lost its runner', undefined, { retryable: true });
          }
          // Long enough to be shown as running.
          if (name === 'slow') await new Promise((resolve) => setTimeout(resolve, 150));
          if (name === 'odd' && Number(inputs.n) % 2 === 1) {
            throw new MissionError('script_error', `odd: ${inputs.n}`);
          }
          return { value: Number(inputs.n) * 2, status: 'fine' };
        },
      },
    });
  });

  afterAll(() => engine.stop());

  test('fuses light steps and journals each', async () => {
    calls = [];
    const run = await engine.run(
      plan([
        script('a'),
        {
          kind: 'set',
          path: 's',
          name: 's',
          values: { x: '{{ value + 1 }}' },
          own: false,
          effect: false,
        },
        script('b', { inputs: { n: '{{ x }}' } }),
      ]),
    );
    expect(run).toMatchObject({ status: 'success', result: { value: 6, status: 'fine' } });
    expect(calls).toEqual(['a#~1', 'b#~1']);
    const rows = await engine.dataSource.query(
      'SELECT path, status, fused FROM execution_steps WHERE run_id = $1 ORDER BY seq',
      [run.id],
    );
    expect(rows).toEqual(['a', 's', 'b'].map((path) => ({ path, status: 'success', fused: true })));
  });

  test('retries in the workflow, keeps what is finished', async () => {
    calls = [];
    const retry = {
      attempts: 3,
      initial_seconds: 0.01,
      factor: 1,
      maximum_seconds: 1,
      jitter: false,
    };
    const run = await engine.run(
      plan([script('a'), script('b', { script: 'fail_twice', retry }), script('c')]),
    );
    expect(run).toMatchObject({ status: 'success' });
    expect(calls).toEqual(['a#~1', 'b#~1', 'b#~2', 'b#~3', 'c#~1']);
  });

  test('the last own step writes the end of its run with its own', async () => {
    const own = { own: true };
    const run = await engine.run(
      plan([script('a', own), script('slow', { ...own, script: 'slow', inputs: { n: 4 } })]),
    );
    expect(run).toMatchObject({ status: 'success', result: { value: 8 }, spent: { steps: 2 } });
    const handle = await workflowOf(engine, run.id);
    expect(await handle.result()).toMatchObject({ value: 8 });
    const { events } = await handle.fetchHistory();
    expect(events!.filter((event) => event.markerRecordedEventAttributes)).toEqual([]);
    const rows = await engine.dataSource.query(
      'SELECT path, status FROM execution_steps WHERE run_id = $1 ORDER BY seq',
      [run.id],
    );
    expect(rows).toEqual(['a', 'slow'].map((path) => ({ path, status: 'success' })));
  });

  test('a step of its own, a loop with bad items, tallies', async () => {
    calls = [];
    const run = await engine.run(
      plan([
        script('own', { own: true }),
        {
          kind: 'foreach',
          path: 'loop',
          name: 'loop',
          items: '{{ range(0, 10) }}',
          concurrency: 3,
          item_error: 'continue',
          own: false,
          effect: false,
          steps: [script('loop/each', { script: 'odd', inputs: { n: '{{ item }}' } })],
        },
        {
          kind: 'set',
          path: 's',
          name: 's',
          own: false,
          effect: false,
          values: {
            fine: '{{ fine_count }}',
            bad: '{{ bad_count }}',
            own: '{{ steps.own.value }}',
            n: '{{ len(errors) }}',
          },
        },
      ]),
    );
    expect(run).toMatchObject({ status: 'success', result: { fine: 5, bad: 0, own: 2, n: 5 } });
    expect(calls).toHaveLength(11);
  });

  test('a failure ends the run, a handler does not', async () => {
    const failed = await engine.run(plan([script('a', { script: 'odd' }), script('b')]));
    expect(failed).toMatchObject({
      status: 'error',
      error: { code: 'script_error', message: 'odd: 1', step: 'a' },
    });
    const handled = await engine.run(
      plan([
        script('a', {
          script: 'odd',
          on_error: [script('a/on_error/h', { inputs: { n: '{{ len(error.message) }}' } })],
        }),
        {
          kind: 'return',
          path: 'r',
          name: 'r',
          value: '{{ result.value }}',
          own: false,
          effect: false,
        },
        script('never'),
      ]),
    );
    expect(handled).toMatchObject({ status: 'success', result: 12 });
  });

  test.each([false, true])('a fault of the platform uses up no attempt, own: %s', async (own) => {
    calls = [];
    const run = await engine.run(plan([script('a', { script: 'broken', own })]));
    expect(run).toMatchObject({ status: 'success' });
    expect(calls).toEqual(['a#~1', 'a#~1']);
  });

  test('an expression that fails over a value by reference fails its step', async () => {
    const bad = { inputs: { n: '{{ upper(inputs.big[0]) }}' }, own: true };
    const big = [1, 'x'.repeat(200_000)];
    const run = await engine.run(plan([script('a', bad)]), { big });
    expect(run).toMatchObject({ status: 'error', error: { code: 'expression_error', step: 'a' } });
  });

  const wait = (path: string, changes: Partial<WaitStep>): WaitStep => ({
    kind: 'wait',
    path,
    name: path.split('/').at(-1)!,
    own: true,
    effect: false,
    ...changes,
  });

  test('waits for a time, not for one that is past, and not beyond its deadline', async () => {
    const begun = Date.now();
    const run = await engine.run(
      plan([
        script('a'),
        wait('past', { until: '2020-01-01' }),
        wait('pause', { duration_seconds: '{{ value / 4 }}' }),
        wait('vain', {
          until: '{{ date_add(now(), 1, "hours") }}',
          timeout_seconds: 0.2,
          on_error: [script('vain/on_error/h', { inputs: { n: '{{ len(error.code) }}' } })],
        }),
      ]),
    );
    expect(run).toMatchObject({ status: 'success', result: { value: 2 * 'wait_expired'.length } });
    expect(Date.now() - begun).toBeGreaterThan(700);
    const history = await (await workflowOf(engine, run.id)).fetchHistory();
    const timers = history.events!.filter((event) => event.timerStartedEventAttributes);
    expect(timers).toHaveLength(2);
  });

  test('a wait for no time fails, one beyond the run’s time ends it, and cancellation cuts it', async () => {
    const odd = wait('odd', { until: '{{ "tomorrow" }}' });
    expect(await engine.run(plan([odd]))).toMatchObject({
      status: 'error',
      error: { code: 'expression_error', step: 'odd' },
    });
    const limits = { ...DEFAULT_CEILINGS, duration_seconds: 1 };
    expect(
      await engine.run(plan([wait('long', { duration_seconds: 60 })], { limits })),
    ).toMatchObject({ status: 'error', error: { code: 'duration_seconds_exceeded' } });
    const id = await engine.accept(plan([wait('long', { duration_seconds: 60 })]));
    await until('it waits', async () => {
      const { raw } = await (await workflowOf(engine, id)).describe();
      return raw.workflowExecutionInfo!.historyLength!.toNumber() > 4;
    });
    await engine.cancel(id);
    expect(await engine.ended(id)).toMatchObject({ status: 'cancelled' });
  });

  test('limits stop it exactly', async () => {
    const limits = { ...DEFAULT_CEILINGS, duration_seconds: 60, steps: 2 };
    const two = await engine.run(plan([script('a'), script('b')], { limits }));
    expect(two).toMatchObject({ status: 'success' });
    const three = await engine.run(plan([script('a'), script('b'), script('c')], { limits }));
    expect(three).toMatchObject({ status: 'error', error: { code: 'steps_exceeded' } });
  });

  test('10,000 light items', async () => {
    const started = Date.now();
    const run = await engine.run(
      plan([
        {
          kind: 'foreach',
          path: 'loop',
          name: 'loop',
          items: '{{ range(0, 10000) }}',
          concurrency: 1,
          item_error: 'fail',
          own: false,
          effect: false,
          steps: [script('loop/each', { inputs: { n: '{{ item }}' } })],
        },
        {
          kind: 'set',
          path: 's',
          name: 's',
          own: false,
          effect: false,
          values: {
            n: '{{ len(items) }}',
            last: '{{ items[9999].value }}',
            fine: '{{ fine_count }}',
          },
        },
      ]),
    );
    expect(run).toMatchObject({
      status: 'success',
      result: { n: 10000, last: 19998, fine: 10000 },
    });
    console.log('10,000 items in', Date.now() - started, 'ms');
  }, 120_000);
});
