import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { RerunService, type RerunRequest } from '../../src/replays/rerun-service.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { Plans } from '../../src/runs/values/plans.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';

let engine: TestEngine;
let rerunner: RerunService;
let newest: Plan | undefined;
let calls: string[] = [];
let failing = new Set<string>();

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      async run(_script, { inputs, context }) {
        const call = `${context.step_path}${context.iteration && `[${context.iteration}]`}`;
        calls.push(call);
        if (failing.has(call)) throw new MissionError('script_error', `${call} is broken`);
        return { n: Number(inputs.n ?? 0) + 1, status: 'fine', key: context.idempotency_key };
      },
    },
  });
  const shelf = {
    find: async () =>
      newest && { name: 'x', source: 'project', text: '', diagnostics: [], plan: newest },
  } as unknown as DirectiveRegistry;
  const { dataSource } = engine;
  const executor = new Executor(dataSource, shelf);
  rerunner = new RerunService(
    dataSource,
    executor,
    shelf,
    new Plans(dataSource),
    new Blobs(dataSource),
  );
}, 120_000);
afterAll(() => engine.stop());
beforeEach(() => {
  calls = [];
  failing = new Set();
});

const catalog = {
  scripts: new Map(),
  projectScripts: new Map([
    ['work', { name: 'work', language: 'js' as const, file: '/nowhere/work.js' }],
  ]),
  mcpServers: new Set<string>(),
  ceilings: DEFAULT_CEILINGS,
};

function compiled(steps: string, head = '', version = '1.0.0'): Plan {
  const text = `name: repeated\nversion: ${version}\ndescription: d\npermissions: []\n${head}steps:\n${steps}`;
  const { plan, diagnostics } = compileDirective(text, catalog);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return plan!;
}

async function rerun(id: string, request: Partial<RerunRequest> = {}) {
  calls = [];
  const { id: fresh } = await rerunner.rerun(id, { actor: 'ann', ...request });
  return engine.ended(fresh);
}

const refusal = (id: string, request: Partial<RerunRequest>) =>
  rerunner.rerun(id, { actor: 'ann', ...request }).then(
    () => expect(request).toBe('refused'),
    (error: MissionError) => `${error.code}: ${error.message}`,
  );

/** Every kind of step, in and around loops; each call tells what it was given. */
const TOUR = `  - { name: first, script: work, inputs: { n: '{{ inputs.start }}' } }
  - { name: nap, wait: { duration_seconds: 0.01 } }
  - name: each
    foreach: '{{ range(0, 6) }}'
    concurrency: CONCURRENCY
    steps:
      - { name: one, script: work, inputs: { n: '{{ item + steps.first.n }}' }TRACE }
      - { name: held, set: { twice: '{{ n * 2 }}', n: '{{ n * 2 }}' } }
      - if: '{{ item % 2 == 0 }}'
        name: even
        conditional:
          if: '{{ index < 10 }}'
          then: { name: two, script: work, inputs: { n: '{{ twice }}' } }
  - { name: sum, set: { total: '{{ sum(pluck(items, "n")) }}', fine: '{{ fine_count }}', last: '{{ steps.held.twice }}' } }
  - name: both
    parallel:
      - - { name: left, script: work, inputs: { n: '{{ total }}' }, trace: step }
        - { name: left_two, script: work, inputs: { n: '{{ n }}' } }
      - [{ name: right, script: work, inputs: { n: 1 } }]
  - name: count
    while: '{{ default(m, 0) < 3 }}'
    max_iterations: 5
    steps:
      - { name: step_up, script: work, inputs: { n: '{{ default(m, 0) }}' } }
      - { name: told, set: { m: '{{ default(m, 0) + 1 }}' } }
  - name: answer
    return: { total: '{{ steps.sum.total }}', fine: '{{ steps.sum.fine }}', last: '{{ steps.sum.last }}', left: '{{ steps.left_two.n }}', count: '{{ steps.count.count }}', m: '{{ steps.told.m }}', even: '{{ steps.two.n }}' }
`;

const START = 'inputs: { start: { type: integer, default: 1 } }\n';

test.each([
  ['fused, one after the other', '1', ''],
  ['own, four at a time', '4', ', trace: step'],
])('from any step, a run of every kind of step (%s)', async (_, concurrency, trace) => {
  const plan = compiled(TOUR.replace('CONCURRENCY', concurrency).replaceAll('TRACE', trace), START);
  const old = await engine.run(plan, { start: 1 });
  expect(old).toMatchObject({ status: 'success', error: null });
  const all = [...calls];
  expect(all).toHaveLength(1 + 6 + 3 + 3 + 3);
  const expected: [string, string | null, (call: string) => boolean][] = [
    ['first', null, () => true],
    ['nap', null, (call) => call !== 'first'],
    ['each', null, (call) => call !== 'first'],
    ['each', '3', (call) => !/^first|each.*\[[012]\]/.test(call)],
    ['one', '3', (call) => !/^first|each.*\[[012]\]/.test(call)],
    ['held', '2', (call) => !/^first|each.*\[[01]\]|one\[2\]/.test(call)],
    ['two', '4', (call) => !/^first|each.*\[[0123]\]|one\[4\]/.test(call)],
    ['sum', null, (call) => /both|count/.test(call)],
    ['left_two', null, (call) => /left_two|count/.test(call)],
    ['count', '1', (call) => /count.*\[[12]\]/.test(call)],
    ['told', '2', () => false],
    ['answer', null, () => false],
  ];
  for (const [fromStep, iteration, runs] of expected) {
    const fresh = await rerun(old.id, { fromStep, iteration });
    expect([fromStep, iteration, fresh.status, fresh.error, fresh.result]).toEqual([
      fromStep,
      iteration,
      'success',
      null,
      old.result,
    ]);
    expect([fromStep, iteration, [...calls].sort()]).toEqual([
      fromStep,
      iteration,
      all.filter(runs).sort(),
    ]);
    expect(fresh).toMatchObject({ triggered_by: 'rerun', rerun_of: old.id, actor: 'ann' });
  }
});

test('a failed run goes on from the step that failed, also when its input or its plan was at fault', async () => {
  const steps = `  - { name: fetch, script: work, inputs: { n: 1 } }
  - { name: ask, wait: { signal: go } }
  - { name: store, script: work, inputs: { n: '{{ steps.ask.n + inputs.more }}' } }
  - { name: close, script: work, inputs: { n: '{{ n }}' } }
`;
  const head =
    'inputs: { more: { type: integer, default: 1 }, month: { type: string, default: a } }\n';
  const plan = compiled(steps, head);
  failing.add('store');
  const id = await engine.accept(plan, { more: 1, month: 'a' });
  await new RunControl(engine.dataSource).signal(id, 'go', { n: 40 }, 'ann');
  const old = await engine.ended(id);
  expect(old).toMatchObject({ status: 'error', error: { step: 'store' } });
  failing.clear();
  const again = await rerun(id, { fromStep: 'store' });
  expect(again).toMatchObject({
    status: 'success',
    result: { n: 43 },
    rerun_from: { step: 'store', iteration: '' },
  });
  expect(calls).toEqual(['store', 'close']);
  const more = await rerun(id, { fromStep: 'store', inputs: { more: 5 } });
  expect(more).toMatchObject({
    status: 'success',
    result: { n: 47 },
    inputs: { more: 5, month: 'a' },
  });
  // A re-run of a re-run tells who did the work.
  const third = await rerun(more.id, { fromStep: 'close' });
  const rows = await engine.dataSource.query(
    `SELECT path, status, reused_from FROM execution_steps WHERE run_id = $1 ORDER BY started_at, seq`,
    [third.id],
  );
  expect(rows).toEqual([
    { path: 'fetch', status: 'success', reused_from: id },
    { path: 'ask', status: 'success', reused_from: id },
    { path: 'store', status: 'success', reused_from: more.id },
    { path: 'close', status: 'success', reused_from: null },
  ]);
  newest = compiled(steps.replace("n: '{{ n }}'", "n: '{{ n * 100 }}'"), head, '1.1.0');
  const newer = await rerun(id, { fromStep: 'store', version: 'newest' });
  expect(newer).toMatchObject({
    status: 'success',
    directive_version: '1.1.0',
    result: { n: 4201 },
  });
  const [untouched] = await engine.dataSource.query(
    'SELECT * FROM directive_executions WHERE id = $1',
    [id],
  );
  expect(untouched).toEqual(old);
});

test('what had failed and was handled is reused; what had not finished is done anew', async () => {
  const plan = compiled(`  - name: first
    script: work
    on_error: [{ name: instead, script: work, inputs: { n: 9 } }]
  - { name: ignored, script: work, on_error: continue }
  - name: each
    foreach: '{{ range(0, 4) }}'
    concurrency: 4
    item_error: continue
    steps: [{ name: one, script: work, inputs: { n: '{{ item }}' }, trace: step }]
  - { name: last, script: work, inputs: { n: '{{ len(errors) + steps.first.n }}' } }
`);
  failing = new Set(['first', 'ignored', 'each/one[1]', 'last']);
  const old = await engine.run(plan);
  expect(old).toMatchObject({ status: 'error', error: { step: 'last' } });
  failing.clear();
  const last = await rerun(old.id, { fromStep: 'last' });
  expect(last).toMatchObject({ status: 'success', result: { n: 1 + 10 + 1 } });
  expect(calls).toEqual(['last']);
  // The iterations before it keep their end, good or bad.
  const loop = await rerun(old.id, { fromStep: 'each', iteration: '2' });
  expect(loop).toMatchObject({ status: 'success', result: { n: 1 + 10 + 1 } });
  expect(calls.sort()).toEqual(['each/one[2]', 'each/one[3]', 'last']);
  const strict = structuredClone(plan);
  Object.assign(strict.steps[2]!, { item_error: 'fail' });
  failing = new Set(['each/one[1]']);
  const broken = await engine.run(strict);
  expect(broken).toMatchObject({ status: 'error', error: { step: 'one' } });
  failing.clear();
  const rest = await rerun(broken.id, { fromStep: 'each', iteration: '3' });
  expect(rest).toMatchObject({ status: 'success', result: { n: 2 } });
  expect(calls.sort()).toEqual(['each/one[1]', 'each/one[3]', 'last']);
});

test('what cannot be gone on with is refused, and says why', async () => {
  const steps = `  - { name: first, script: work, inputs: { n: '{{ inputs.more }}' }, compensate: { name: undo, script: work } }
  - if: '{{ n > 100 }}'
    name: rare
    script: work
  - name: each
    foreach: '{{ range(0, 2) }}'
    steps: [{ name: one, script: work }, { name: two, script: work }]
  - name: late
    foreach: '{{ [now()] }}'
    steps: [{ name: three, script: work }]
  - { name: last, script: work }
`;
  const head = 'inputs: { more: { type: integer, default: 1 } }\n';
  const plan = compiled(steps, head);
  const good = await engine.run(plan, { more: 1 });
  failing.add('each/two[1]');
  const bad = await engine.run(plan, { more: 1 });
  failing.clear();
  expect(bad.error).toMatchObject({ step: 'two' });
  const no = refusal;
  expect(await no(good.id, { fromStep: 'frist' })).toBe(
    'input_invalid: There is no step "frist" in repeated 1.0.0; did you mean "first"?',
  );
  expect(await no(good.id, { fromStep: 'two' })).toBe(
    'input_invalid: The step two is in a loop: name the iteration by 1 index (that of each); none is given.',
  );
  expect(await no(good.id, { fromStep: 'first', iteration: '1' })).toContain('is not in a loop');
  expect(await no(good.id, { fromStep: 'undo' })).toContain('belongs to compensate');
  expect(await no(good.id, { iteration: '1' })).toContain('needs the step or loop');
  expect(await no(good.id, { fromStep: 'each', iteration: 'x' })).toContain('must be an index');
  expect(await no(good.id, { fromStep: 'each', iteration: '7' })).toContain(
    'The step each/one in iteration 7 never started in the run',
  );
  expect(await no(good.id, { fromStep: 'late', iteration: '0' })).toContain(
    'depends on the current time',
  );
  expect(await no(good.id, { fromStep: 'last', inputs: { more: 2 } })).toBe(
    'conflict: Steps whose results would be reused read inputs that are changed now: first (more). Re-run from first, or re-run the whole run.',
  );
  expect(await no(good.id, { inputs: { less: 2 } })).toContain('there is no input "less"');
  expect(await no(bad.id, { fromStep: 'two', iteration: '1' })).toBe(
    'conflict: These steps were compensated when the run ended: first. Re-run from first, or re-run the whole run.',
  );
  const open = await engine.accept(compiled(`  - wait: { signal: never }\n`));
  expect(await no(open, {})).toContain('The run is still');
  await engine.cancel(open);
  expect(await no('nobody', {})).toBe('not_found: There is no run nobody.');
  newest = compiled(
    steps.replace('name: first, script: work', 'name: zero, script: work'),
    head,
    '2.0.0',
  );
  expect(await no(good.id, { fromStep: 'last', version: 'newest' })).toBe(
    'conflict: The steps before last differ in version 2.0.0: first no longer runs before it; zero is new and runs before it. Re-run from an earlier step, re-run the whole run, or use the old version.',
  );
  newest = compiled(steps.replace("n: '{{ inputs.more }}'", 'n: 5'), head, '2.0.0');
  expect(await no(good.id, { fromStep: 'last', version: '2.0.0' })).toContain('first was changed');
  newest = undefined;
  expect(await no(good.id, { version: 'newest' })).toContain(
    'The directive repeated no longer exists',
  );
  await engine.dataSource.query(
    `UPDATE directive_executions SET triggered_by = 'event', inputs = '{"token": "secret://db"}' WHERE id = $1`,
    [bad.id],
  );
  expect(await no(bad.id, {})).toBe(
    'permission_denied: The inputs token refer to secrets and came from the trigger event, not from a person. Give these inputs again.',
  );
  const twice = { actor: 'ann', fromStep: 'last', idempotencyKey: 'k' };
  const [one, two] = [await rerunner.rerun(good.id, twice), await rerunner.rerun(good.id, twice)];
  expect(two.id).toBe(one.id);
  expect(await no(good.id, { ...twice, fromStep: 'late' })).toContain(
    'was already used for a different request',
  );
  await engine.ended(one.id);
  // The whole, with another input, is only a start.
  expect(await rerun(good.id, { inputs: { more: 500 } })).toMatchObject({
    status: 'success',
    rerun_from: null,
  });
  expect(calls).toContain('rare');
});
