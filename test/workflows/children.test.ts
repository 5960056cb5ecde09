import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import type { Execution } from '../../src/contracts/execution.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import { NOTHING_SPENT } from '../../src/contracts/run/spent.js';
import { CancelService } from '../../src/kernel/cancel-service.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { RerunService } from '../../src/replays/rerun-service.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { ShadowService } from '../../src/replays/shadow-service.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { createLogger } from '../../src/platform/logger.js';
import { Library } from '../../src/platform/library/library.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { Plans } from '../../src/runs/values/plans.js';
import { Reconciler } from '../../src/runs/reconciler.js';
import { startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { until } from '../support/instance.js';

let project: string;
let library: Library;
let engine: TestEngine;
let calls: string[] = [];

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'mission-children-'));
  mkdirSync(join(project, '.ai/directives'), { recursive: true });
  mkdirSync(join(project, '.ai/scripts'), { recursive: true });
  writeFileSync(join(project, '.ai/scripts/work.js'), '');
  library = new Library({ project, userHome: project, mcpServers: [], ceilings: DEFAULT_CEILINGS });
  const projectScripts = {
    async run(_script: unknown, { inputs }: { inputs: JsonObject }) {
      if (inputs.say) calls.push(String(inputs.say));
      return { ...inputs };
    },
  };
  engine = await startTestEngine({ projectScripts }, library);
}, 120_000);
afterAll(async () => {
  await engine.stop();
  rmSync(project, { recursive: true });
});

/** Writes a directive of the project; its name stands in the first line. */
function write(text: string): void {
  const [, name] = /^name: (\w+)/.exec(text)!;
  writeFileSync(join(project, '.ai/directives', `${name}.yaml`), text);
}

async function accept(name: string, inputs: JsonObject = {}): Promise<string> {
  const found = await new DirectiveRegistry(library, new PlanReader(engine.dataSource)).find(
    name,
    null,
  );
  expect(found?.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return engine.accept(found!.plan!, inputs);
}

const run = async (name: string, inputs: JsonObject = {}): Promise<Execution> =>
  engine.ended(await accept(name, inputs));

type Row = Execution & { spent: unknown; bounds: { permissions: unknown } };

const childrenOf = (id: string): Promise<Row[]> =>
  engine.dataSource.query(
    'SELECT * FROM directive_executions WHERE parent_id = $1 ORDER BY created_at, id',
    [id],
  );

test('a child has a history of its own, and its result is the step’s', async () => {
  write(`name: adds
version: 1.2.0
description: d
inputs: { a: { type: integer }, b: { type: integer, default: 1 } }
permissions: []
steps: [{ set: { sum: "{{ inputs.a + inputs.b }}" } }]`);
  write(`name: asks
version: 1.0.0
description: d
permissions: [execute:directives]
steps:
  - { name: first, directive: adds, inputs: { a: 2 } }
  - { name: second, directive: adds@^1.0, inputs: { a: "{{ sum }}", b: 10 } }`);
  const ended = await run('asks');
  expect(ended).toMatchObject({ status: 'success', result: { sum: 13 } });
  const children = await childrenOf(ended.id);
  expect(children).toMatchObject([
    {
      directive_name: 'adds',
      triggered_by: 'parent',
      actor: 'tester',
      root_id: ended.id,
      inputs: { a: 2, b: 1 },
    },
    { status: 'success', directive_version: '1.2.0', result: { sum: 13 }, spent: { steps: 1 } },
  ]);
  const [step] = await engine.dataSource.query(
    `SELECT status, inputs, result FROM execution_steps WHERE run_id = $1 AND name = 'first'`,
    [ended.id],
  );
  expect(step).toEqual({
    status: 'success',
    inputs: { directive: 'adds', execution: children[0]!.id, inputs: { a: 2 } },
    result: { sum: 3 },
  });
});

test('what a child spends is spent by its parent, and what it leaves comes back', async () => {
  write(`name: spends
version: 1.0.0
description: d
permissions: []
limits: { steps: 50 }
steps: [{ foreach: "{{ range(0, 6) }}", steps: [{ set: { n: "{{ item }}" } }] }]`);
  write(`name: pays
version: 1.0.0
description: d
inputs: { limit: { type: integer, default: 1 } }
permissions: [execute:directives]
limits: { steps: 20, spawns: 2 }
steps:
  - { name: one, directive: spends }
  - { name: two, directive: spends, on_error: continue }
  - { name: three, directive: spends, on_error: continue }`);
  const ended = (await run('pays')) as Row;
  // 3 steps of its own, 7 of each child.
  expect(ended).toMatchObject({ status: 'error', error: { code: 'spawns_exceeded' } });
  const children = await childrenOf(ended.id);
  expect(children.map(({ spent }) => spent)).toEqual(
    Array(2).fill({ ...NOTHING_SPENT, steps: 7, iterations: 6 }),
  );
  expect(ended.spent).toEqual({ ...NOTHING_SPENT, steps: 17, iterations: 12, spawns: 2 });
  write(`name: pays
version: 1.0.1
description: d
permissions: [execute:directives]
limits: { steps: 12 }
steps:
  - { name: one, directive: spends }
  - { name: two, directive: spends, on_error: [{ set: { met: "{{ error.code }}" } }] }`);
  // 10 steps are left for the second one and its handler: it may spend 3 and ends with its own limit.
  const short = (await run('pays')) as Row;
  expect((await childrenOf(short.id))[1]).toMatchObject({ error: { code: 'steps_exceeded' } });
  expect(short).toMatchObject({ status: 'error', error: { code: 'steps_exceeded' } });
});

test('depth ends a directive that runs itself; each generation counts once', async () => {
  write(`name: mirror
version: 1.0.0
description: d
permissions: [execute:directives]
limits: { depth: 3 }
steps: [{ name: inner, directive: mirror }]`);
  const ended = (await run('mirror')) as Row;
  expect(ended).toMatchObject({
    status: 'error',
    error: { code: 'depth_exceeded', step: 'inner' },
  });
  const [{ count }] = await engine.dataSource.query(
    'SELECT count(*)::int AS count FROM directive_executions WHERE root_id = $1',
    [ended.id],
  );
  expect(count).toBe(4);
  expect(ended.spent).toEqual({ ...NOTHING_SPENT, steps: 4, spawns: 3 });
});

test('a child has no right that its parent lacks', async () => {
  write(`name: tells
version: 1.0.0
description: d
permissions: [write:events]
steps: [{ emit: something }]`);
  write(`name: mute
version: 1.0.0
description: d
permissions: [execute:directives]
steps: [{ name: inner, directive: tells }]`);
  write(`name: open
version: 1.0.0
description: d
permissions: [execute:directives, "write:*"]
steps: [{ name: inner, directive: tells }]`);
  expect(await run('mute')).toMatchObject({ error: { code: 'permission_denied', step: 'inner' } });
  const heard = await run('open');
  expect(heard.status).toBe('success');
  expect((await childrenOf(heard.id))[0]!.bounds.permissions).toEqual(['write:events']);
});

test('a child that cannot begin fails its step: unknown, outside the range, ill-typed', async () => {
  write(`name: wrong
version: 1.0.0
description: d
permissions: [execute:directives]
steps:
  - { name: late, directive: adds@^9, inputs: { a: 1 }, on_error: [{ set: { x: "{{ error.code }}" } }] }
  - { name: typed, directive: adds, inputs: { a: "{{ x }}" }, on_error: [{ set: { y: "{{ error.code }}" } }] }
  - return: "{{ [x, y] }}"`);
  expect(await run('wrong')).toMatchObject({ result: ['not_found', 'input_invalid'] });
});

test('an earlier version within the range is run again, when the current one is outside', async () => {
  write(`name: adds
version: 2.0.0
description: d
inputs: { a: { type: integer } }
permissions: []
steps: [{ set: { sum: none } }]`);
  write(`name: pinned
version: 1.0.0
description: d
permissions: [execute:directives]
steps: [{ directive: adds@^1.0.0, inputs: { a: 41, b: 1 } }]`);
  expect(await run('pinned')).toMatchObject({ status: 'success', result: { sum: 42 } });
});

const WAITS = `name: waits
version: 1.0.0
description: d
permissions: []
steps:
  - { name: book, script: work, inputs: { n: 1 }, compensate: { script: work, inputs: { say: child undone } } }
  - { name: long, wait: { duration_seconds: 600 } }`;

const PARENT = `name: parent
version: 1.0.0
description: d
permissions: [execute:directives]
steps:
  - { name: hold, script: work, inputs: { n: 1 }, compensate: { script: work, inputs: { say: parent undone } } }
  - { name: inner, directive: waits }`;

const childWaits = (id: string) =>
  until('the child waits', async () => {
    const [child] = await childrenOf(id);
    const rows = await engine.dataSource.query(
      `SELECT 1 FROM execution_steps WHERE run_id = $1 AND status = 'waiting'`,
      [child?.id],
    );
    return rows.length > 0 ? child!.id : undefined;
  });

test('a cancellation reaches the child first, which undoes its work before its parent does', async () => {
  calls = [];
  write(WAITS);
  write(PARENT);
  const id = await accept('parent');
  const child = await childWaits(id);
  await engine.cancel(id);
  expect(await engine.ended(id)).toMatchObject({ status: 'cancelled' });
  expect(await engine.ended(child)).toMatchObject({ status: 'cancelled' });
  expect(calls).toEqual(['child undone', 'parent undone']);
});

test('a pause and its end reach the children, too', async () => {
  calls = [];
  write(`name: slow
version: 1.0.0
description: d
permissions: []
steps:
  - { name: listen, wait: { signal: go } }
  - { name: after, script: work, inputs: { say: went } }`);
  write(`name: over
version: 1.0.0
description: d
permissions: [execute:directives]
steps: [{ name: inner, directive: slow }]`);
  const id = await accept('over');
  const child = await childWaits(id);
  const control = new RunControl(engine.dataSource);
  await control.pause(id, 'tester');
  const states = () =>
    engine.dataSource.query(
      'SELECT status FROM directive_executions WHERE id = ANY($1) ORDER BY created_at',
      [[id, child]],
    );
  expect(await states()).toEqual([{ status: 'paused' }, { status: 'paused' }]);
  await control.signal(child, 'go', null, 'tester');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(calls).toEqual([]);
  await control.resume(id, 'tester');
  expect(await engine.ended(id)).toMatchObject({ status: 'success' });
  expect(calls).toEqual(['went']);
});

test('a step’s time ends its child; a race ends the children that lost', async () => {
  write(WAITS);
  write(`name: hasty
version: 1.0.0
description: d
permissions: [execute:directives]
steps:
  - name: inner
    directive: waits
    timeout_seconds: 0.3
    on_error: [{ set: { met: "{{ error.code }}" } }]
  - name: race
    parallel:
      - { name: slow, directive: waits }
      - { name: fast, directive: adds, inputs: { a: 1 } }
    wait_for: any
  - return: "{{ steps.inner.met }}"`);
  const ended = await run('hasty');
  expect(ended).toMatchObject({ status: 'success', result: 'timeout' });
  const children = await childrenOf(ended.id);
  expect(children.map(({ status }) => status).sort()).toEqual([
    'cancelled',
    'cancelled',
    'success',
  ]);
});

test('a child whose parent was terminated in the engine ends, too', async () => {
  write(WAITS);
  write(PARENT);
  const id = await accept('parent');
  const child = await childWaits(id);
  await (await workflowOf(engine, id)).terminate('by hand');
  await engine.dataSource.query(
    `UPDATE directive_executions SET started_at = now() - interval '1 minute' WHERE id = $1`,
    [id],
  );
  const reconciler = new Reconciler(
    engine.dataSource,
    engine.client,
    createLogger('test', 'error'),
  );
  // The engine's list may be late.
  await until('it is noticed', async () => {
    await reconciler.round();
    const rows = engine.dataSource.query(
      'SELECT 1 FROM directive_executions WHERE id = $1 AND completed_at IS NOT NULL',
      [id],
    );
    return (await rows).length > 0;
  });
  expect(await engine.ended(id)).toMatchObject({ status: 'cancelled' });
  expect(await engine.ended(child)).toMatchObject({ status: 'cancelled' });
});

test('a child is retried only where its step says so, each attempt a run of its own', async () => {
  write(`name: breaks
version: 1.0.0
description: d
permissions: []
steps: [{ fail: { code: timeout, message: too slow } }]`);
  write(`name: stubborn
version: 1.0.0
description: d
permissions: [execute:directives]
steps:
  - { name: once, directive: breaks, on_error: continue }
  - name: thrice
    directive: breaks
    retry: { attempts: 3, initial_seconds: 0.05, retry_on: [timeout] }`);
  const ended = await run('stubborn');
  expect(ended).toMatchObject({
    error: { code: 'timeout', message: 'breaks: too slow', step: 'thrice' },
  });
  expect(await childrenOf(ended.id)).toHaveLength(4);
});

test('a re-run and a shadow repeat no child; who is ended hard takes its children along', async () => {
  write(`name: summing
version: 1.0.0
description: d
permissions: []
steps: [{ set: { sum: 3 } }]`);
  write(`name: repeats
version: 1.0.0
description: d
inputs: { fail: { type: boolean, default: true } }
permissions: [execute:directives]
steps:
  - { name: first, directive: summing }
  - { name: gate, if: "{{ inputs.fail }}", fail: not yet }
  - { name: last, set: { sum: "{{ steps.first.sum }}" } }`);
  const { dataSource } = engine;
  const shelf = new DirectiveRegistry(library, new PlanReader(dataSource));
  const [executor, plans] = [new Executor(dataSource, shelf), new Plans(dataSource)];
  const rerunner = new RerunService(dataSource, executor, shelf, plans, new Blobs(dataSource));
  const old = await run('repeats', { fail: true });
  expect(old).toMatchObject({ status: 'error', error: { step: 'gate' } });
  const wish = { actor: 'ann', fromStep: 'gate', inputs: { fail: false } };
  const fresh = await engine.ended((await rerunner.rerun(old.id, wish)).id);
  expect(fresh).toMatchObject({ status: 'success', result: { sum: 3 } });
  expect(await childrenOf(fresh.id)).toEqual([]);
  const shadower = new ShadowService(dataSource, executor, plans);
  const shadow = await engine.ended((await shadower.shadow(fresh.id, { actor: 'ann' })).id);
  expect(shadow).toMatchObject({ status: 'success', result: { sum: 3 } });
  expect(await childrenOf(shadow.id)).toEqual([]);

  write(`name: lasting
version: 1.0.0
description: d
permissions: []
steps: [{ wait: { signal: never } }]`);
  write(`name: holds
version: 1.0.0
description: d
permissions: [execute:directives]
steps: [{ directive: lasting }]`);
  const id = await accept('holds');
  const child = await until('the child waits', async () => {
    const [row] = await dataSource.query(
      `SELECT e.id FROM directive_executions e JOIN execution_steps s ON s.run_id = e.id
       WHERE e.parent_id = $1 AND s.status = 'waiting'`,
      [id],
    );
    return row?.id as string | undefined;
  });
  await new CancelService(dataSource).cancel(id, { actor: 'ann', force: true });
  expect(await engine.ended(id)).toMatchObject({ status: 'cancelled', ended_hard: true });
  expect(await engine.ended(child)).toMatchObject({ status: 'cancelled' });
});
