import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { ShadowService, type ShadowRequest } from '../../src/replays/shadow-service.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { Plans } from '../../src/runs/values/plans.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';
import { until } from '../support/instance.js';

let engine: TestEngine;
let shadower: ShadowService;
let newest: Plan;
let calls: string[] = [];

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      async run(script, { inputs, context, signal }) {
        calls.push(`${context.step_path}${context.iteration && `[${context.iteration}]`}`);
        if (inputs.fail) throw new MissionError('script_error', String(inputs.fail));
        if (script.name === 'hang') {
          await new Promise((_, reject) => signal.addEventListener('abort', reject));
        }
        return {
          n: Number(inputs.n ?? 0) + 1,
          status: 'fine',
          big: 'x'.repeat(Number(inputs.big ?? 0)),
        };
      },
    },
  });
  const shelf = {
    find: async () => ({ name: 'x', source: 'project', text: '', diagnostics: [], plan: newest }),
    validate: async (text: string) => compileDirective(text, catalog),
  } as unknown as DirectiveRegistry;
  const { dataSource } = engine;
  shadower = new ShadowService(dataSource, new Executor(dataSource, shelf), new Plans(dataSource));
}, 120_000);
afterAll(() => engine.stop());
beforeEach(() => {
  calls = [];
});

const script = (name: string) => ({ name, language: 'js' as const, file: `/nowhere/${name}.js` });
const catalog = {
  scripts: new Map(),
  projectScripts: new Map(['work', 'hang'].map((name) => [name, script(name)])),
  mcpServers: new Set<string>(),
  ceilings: DEFAULT_CEILINGS,
};

const HEAD = `name: watched
version: 1.0.0
description: d
permissions: [write:events]
inputs: { start: { type: integer, default: 1 } }
`;

function compiled(steps: string): Plan {
  const { plan, diagnostics } = compileDirective(`${HEAD}${steps}`, catalog);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return plan!;
}

async function shadow(id: string, request: Partial<ShadowRequest> = {}) {
  calls = [];
  const { id: fresh } = await shadower.shadow(id, { actor: 'ann', ...request });
  const run = await engine.ended(fresh);
  expect(calls).toEqual([]);
  const [report] = await engine.dataSource.query('SELECT * FROM shadow_reports WHERE run_id = $1', [
    fresh,
  ]);
  return { run, report, found: report.differences.map(brief) };
}

const brief = ({ kind, path, iteration, recorded, shadow }: any) =>
  [kind, iteration === '' ? path : `${path}[${iteration}]`, recorded, shadow] as const;

const STEPS = `steps:
  - { name: first, script: work, inputs: { n: '{{ inputs.start }}', big: 200000 }, compensate: { name: undo, script: work } }
  - { name: ask, wait: { signal: go } }
  - name: each
    foreach: '{{ range(0, 3) }}'
    concurrency: 2
    item_error: continue
    steps:
      - { name: one, script: work, inputs: { n: '{{ item }}' }, trace: step }
      - { name: two, script: work, inputs: { n: '{{ n }}', fail: '{{ item == 1 ? "odd" : null }}' } }
  - { name: told, emit: it.happened, inputs: { n: 1 } }
  - name: race
    parallel: [[{ name: slow, script: hang, trace: step }], [{ name: quick, script: work, inputs: { n: 5 } }]]
    wait_for: any
  - { name: sum, set: { total: '{{ steps.ask.n + steps.first.n }}', fine: '{{ fine_count }}' } }
  - { name: time, set: { when: '{{ now() }}' } }
  - { name: id, set: { id: '{{ uuid() }}' } }
  - name: answer
    return: { total: '{{ steps.sum.total }}', id: '{{ steps.id.id }}' }
always:
  - { name: close, script: work, inputs: { n: 0 } }
`;

test('a shadow of the same Plan does nothing and finds no difference', async () => {
  const id = await engine.accept(compiled(STEPS), { start: 1 });
  await new RunControl(engine.dataSource).signal(id, 'go', { n: 40 }, 'ann');
  const old = await engine.ended(id);
  expect(old).toMatchObject({ status: 'success', result: { total: 42 } });
  const before = await counts();
  const { run, report, found } = await shadow(id, { version: 'old' });
  expect(found).toEqual([]);
  expect(report.compared).toBeGreaterThan(12);
  expect(run).toMatchObject({ status: 'success', result: old.result, shadow_of: id });
  expect(await counts()).toEqual(before);
  const rows = await engine.dataSource.query(
    `SELECT path, status, reused_from FROM execution_steps WHERE run_id = $1 AND path IN ('first', 'sum', 'ask') ORDER BY path`,
    [run.id],
  );
  expect(rows).toEqual([
    { path: 'ask', status: 'success', reused_from: id },
    { path: 'first', status: 'success', reused_from: id },
    { path: 'sum', status: 'success', reused_from: null },
  ]);
  const trail = await engine.dataSource.query(
    `SELECT actor, action FROM audit_events WHERE target = 'execution:' || $1::text ORDER BY id`,
    [run.id],
  );
  expect(trail).toEqual([
    { actor: 'ann', action: 'execution.shadow' },
    { actor: 'ann', action: 'execution.shadow_end' },
  ]);
  await changed(id);
});

const counts = async () =>
  (
    await engine.dataSource.query(
      `SELECT (SELECT count(*) FROM events)::int AS events, (SELECT count(*) FROM approvals)::int AS approvals,
        (SELECT count(*) FROM alerts)::int AS alerts, (SELECT count(*) FROM run_messages)::int AS messages`,
    )
  )[0];

/** What a newer version, and other inputs, would do otherwise. */
async function changed(id: string): Promise<void> {
  const inputs = await shadow(id, { version: 'old', inputs: { start: 2 } });
  expect(inputs.found).toMatchObject([['inputs', 'first', { n: 1 }, { n: 2 }]]);
  expect(inputs.run.inputs).toEqual({ start: 2 });
  newest = compiled(
    STEPS.replace('steps.first.n }}', 'steps.first.n + 1 }}')
      .replace("n: '{{ item }}' }, trace", "n: '{{ item + 1 }}' }, trace")
      .replace('- { name: told, emit: it.happened, inputs: { n: 1 } }', ''),
  );
  const { run, found } = await shadow(id);
  expect(run).toMatchObject({ status: 'success', result: { total: 43 } });
  expect(found).toHaveLength(7);
  expect(found).toEqual(
    expect.arrayContaining([
      ['inputs', 'each/one[0]', { n: 0 }, { n: 1 }],
      ['inputs', 'each/one[1]', { n: 1 }, { n: 2 }],
      ['inputs', 'each/one[2]', { n: 2 }, { n: 3 }],
      ['result', 'answer', expect.anything(), expect.anything()],
      [
        'result',
        'sum',
        expect.objectContaining({ total: 42 }),
        expect.objectContaining({ total: 43 }),
      ],
      ['only_in_recording', 'told', 'success', null],
      ['outcome', '', expect.anything(), expect.anything()],
    ]),
  );
}

test('a call that was not recorded ends the shadow, or is null where that is wanted', async () => {
  const steps = `steps:
  - { name: first, script: work }
  - { name: last, script: work, inputs: { n: '{{ result.n }}' } }
`;
  const old = await engine.run(compiled(steps));
  newest = compiled(
    steps.replace(
      '  - { name: last',
      `  - { name: fresh, script: work, inputs: { n: 7 }, on_error: continue }\n  - { name: last`,
    ),
  );
  const ended = await shadow(old.id);
  expect(ended.run).toMatchObject({
    status: 'error',
    error: { code: 'not_recorded', step: 'fresh' },
  });
  expect(ended.found).toEqual([['only_in_shadow', 'fresh', null, { n: 7 }]]);
  const on = await shadow(old.id, { goOn: true });
  expect(on.run).toMatchObject({ status: 'success' });
  expect(on.found).toEqual([
    ['only_in_shadow', 'fresh', null, { n: 7 }],
    ['inputs', 'last', { n: 1 }, { n: null }],
  ]);
  // A step that was renamed around keeps its answer by its name.
  const moved = await shadow(old.id, {
    source: `${HEAD}steps:\n  - if: true\n    name: around\n    conditional: { if: true, then: [{ name: first, script: work }] }\n  - { name: last, script: work, inputs: { n: '{{ n }}' } }\n`,
  });
  expect(moved.run).toMatchObject({ status: 'success', result: old.result });
  expect(moved.found).toEqual([['only_in_shadow', 'around', null, 'success']]);
});

test('a failure, its handler and what was undone come about as they did', async () => {
  const steps = `steps:
  - { name: first, script: work, compensate: { name: undo, script: work, inputs: { n: '{{ result.n }}' } } }
  - { name: second, script: work, inputs: { fail: 'once' }, on_error: [{ name: instead, script: work }] }
  - { name: third, script: work, inputs: { fail: 'for good' }, retry: { attempts: 2, initial_seconds: 0.01 } }
`;
  const old = await engine.run(compiled(steps));
  expect(old).toMatchObject({ status: 'error', error: { message: 'for good' } });
  expect(calls).toEqual([
    'first',
    'second',
    'second/on_error/instead',
    'third',
    'third',
    'first/compensate/undo',
  ]);
  const { run, found } = await shadow(old.id, { version: 'old' });
  expect(run).toMatchObject({ status: 'error', error: old.error });
  expect(found).toEqual([]);
});

test('a shadow is refused where there is nothing to go by, and can be cancelled like a run', async () => {
  const refused = (id: string, request: Partial<ShadowRequest> = {}) =>
    shadower.shadow(id, { actor: 'ann', ...request }).then(
      () => 'accepted',
      ({ code }: MissionError) => code,
    );
  expect(await refused('nobody')).toBe('not_found');
  const open = await engine.accept(compiled('steps:\n  - wait: { signal: never }\n'));
  await until('it waits', async () => {
    const [row] = await engine.dataSource.query(
      `SELECT 1 FROM execution_steps WHERE run_id = $1 AND status = 'waiting'`,
      [open],
    );
    return row;
  });
  expect(await refused(open)).toBe('conflict');
  await engine.cancel(open);
  await engine.ended(open);
  const { run } = await shadow(open, { version: 'old' });
  expect(run.error).toMatchObject({ code: 'not_recorded' });
  expect(await refused(run.id)).toBe('conflict');
  expect(await refused(open, { version: 'old', source: HEAD })).toBe('input_invalid');
});
