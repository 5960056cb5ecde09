import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KeyStore } from '../../src/access/key-store.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { Plan } from '../../src/contracts/plan.js';
import { ApprovalService } from '../../src/kernel/approval-service.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { BUSY, startTestEngine, type TestEngine, workflowOf } from '../support/engine.js';
import { until } from '../support/instance.js';

let engine: TestEngine;
let control: RunControl;
let calls: string[] = [];
let during: (name: string, signal: AbortSignal) => Promise<unknown> = async () => {};

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      async run(_script, { inputs, context, signal }) {
        calls.push(context.step_path);
        await during(context.step_path, signal);
        return { ...inputs };
      },
    },
  });
  control = new RunControl(engine.dataSource);
}, 120_000);
afterAll(() => engine.stop());

const script = { name: 'work', language: 'js' as const, file: '/nowhere/work.js' };
const catalog = {
  scripts: new Map(),
  projectScripts: new Map([['work', script]]),
  mcpServers: new Set<string>(),
  ceilings: DEFAULT_CEILINGS,
};

function compiled(steps: string, head = ''): Plan {
  const text = `name: controlled\nversion: 1.0.0\ndescription: d\npermissions: [write:events]\n${head}steps:\n${steps}`;
  const { plan, diagnostics } = compileDirective(text, catalog);
  expect(diagnostics).toEqual([]);
  return plan!;
}

const statusOf = async (id: string) =>
  (await engine.dataSource.query('SELECT status FROM directive_executions WHERE id = $1', [id]))[0]
    .status as string;

const steps = (name: string, trace: string) =>
  Array.from({ length: 4 }, (_, n) => `  - { name: ${name}_${n}, script: work${trace} }\n`).join(
    '',
  );

test.each([
  ['light', ''],
  ['own', ', trace: step'],
])('a pause between %s steps lasts until it is over', async (kind, trace) => {
  calls = [];
  let id = '';
  during = async (path) => {
    if (path === `${kind}_1`) await control.pause(id, 'tester');
  };
  id = await engine.accept(compiled(steps(kind, trace)));
  await until('it is paused', async () => (await statusOf(id)) === 'paused' && calls.length > 1);
  await until('the run has heard of it', async () => {
    const waiting = await engine.dataSource.query(
      'SELECT 1 FROM run_messages WHERE run_id = $1 AND delivered_at IS NULL',
      [id],
    );
    return waiting.length === 0;
  });
  // A step may have begun before that.
  await new Promise((resolve) => setTimeout(resolve, 250));
  const before = [...calls];
  // Long enough for more steps, if it had not stopped.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(calls).toEqual(before);
  expect(calls.length).toBeLessThanOrEqual(3);
  await control.resume(id, 'tester');
  const ended = await engine.ended(id);
  expect(ended.status).toBe('success');
  expect(calls).toEqual([0, 1, 2, 3].map((n) => `${kind}_${n}`));
});

test('a run that is paused before its start begins nothing; one that is cancelled while paused ends', async () => {
  calls = [];
  during = async () => {};
  const id = await engine.accept(compiled(steps('early', '')));
  await control.pause(id, 'tester');
  await until('the engine has it', async () => {
    const { status } = await (await workflowOf(engine, id)).describe();
    return status.name === 'RUNNING';
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begun = calls.length;
  expect(await statusOf(id)).toBe('paused');
  await engine.cancel(id);
  expect((await engine.ended(id)).status).toBe('cancelled');
  expect(calls.length).toBe(begun);
  expect(begun).toBeLessThan(4);
});

test('signals keep their order, wait for their step, and come from Temporal, too', async () => {
  const plan = compiled(
    `  - wait: { signal: go }
  - set: { first: '{{ result }}' }
  - wait: { signal: go }
  - set: { second: '{{ result }}' }
  - wait: { signal: from_ui }
  - return: ['{{ first }}', '{{ second }}', '{{ result }}']
`,
  );
  const id = await engine.accept(plan);
  await control.signal(id, 'go', 1, 'tester');
  await control.signal(id, 'go', { two: 2 }, 'tester');
  await until('it waits for the third', async () => {
    const rows = await engine.dataSource.query(
      `SELECT path FROM execution_steps WHERE run_id = $1 AND status = 'waiting' AND path = 'wait_5'`,
      [id],
    );
    return rows.length === 1;
  });
  await (await workflowOf(engine, id)).signal('from_ui', 'three');
  const { result } = await engine.ended(id);
  expect(result).toEqual([1, { two: 2 }, 'three']);
});

test('lanes that wait for one signal are served in the order in which they began', async () => {
  const lanes = 12;
  const plan = compiled(
    `  - foreach: '{{ range(${lanes}) }}'
    concurrency: ${lanes}
    steps:
      - wait: { signal: go }
  - return: '{{ items }}'
`,
  );
  const numbers = Array.from({ length: lanes }, (_, n) => n);
  const [early, late] = [await engine.accept(plan), await engine.accept(plan)];
  const tell = async (id: string) => {
    for (const n of numbers) await control.signal(id, 'go', n, 'tester');
  };
  await tell(early);
  await until('all lanes wait', async () => {
    const [{ count }] = await engine.dataSource.query(
      `SELECT count(*)::int FROM execution_steps WHERE run_id = $1 AND status = 'waiting'`,
      [late],
    );
    return count === lanes;
  });
  await tell(late);
  for (const id of [early, late]) expect((await engine.ended(id)).result).toEqual(numbers);
});

test('a wait for a signal has its deadline, and so has a run', async () => {
  const expired = await engine.run(
    compiled(`  - { wait: { signal: never }, timeout_seconds: 0.3 }\n`),
  );
  expect(expired.error).toMatchObject({ code: 'wait_expired', step: 'wait_1' });
  const late = await engine.run(
    compiled(`  - wait: { signal: never }\n`, 'limits: { duration_seconds: 1 }\n'),
  );
  expect(late.error?.code).toBe('duration_seconds_exceeded');
});

test('an approval that nobody answers expires, and one of a cancelled run is closed', async () => {
  const expired = await engine.run(
    compiled(`  - { name: ask, approve: { expiry_seconds: 0.3 } }\n`),
  );
  expect(expired.error).toMatchObject({ code: 'approval_expired', step: 'ask' });
  const id = await engine.accept(compiled(`  - approve: { who: somebody }\n`));
  const asked = async () =>
    (await engine.dataSource.query('SELECT * FROM approvals WHERE run_id = $1', [id]))[0];
  await until('somebody is asked', asked);
  await engine.cancel(id);
  await engine.ended(id);
  expect(await asked()).toMatchObject({ status: 'cancelled', description: '', who: ['somebody'] });
});

test('an event is told to those that wait for it, once, and to nobody who comes later', async () => {
  const waits = compiled(
    `  - wait: { event: order.paid, match: { order: { id: 7 } } }
    timeout_seconds: 20
  - return: '{{ result.order.sum }}'
`,
  );
  const ids = [await engine.accept(waits), await engine.accept(waits)];
  await until('both wait', async () => {
    const [{ count }] = await engine.dataSource.query('SELECT count(*)::int FROM event_waits');
    return count === 2;
  });
  const emits = compiled(`  - emit: order.paid
    inputs: { order: { id: 8, sum: 1 } }
  - emit: order.paid
    inputs: { order: { id: 7, sum: 2 }, by: me }
    trace: step
`).steps;
  const plan = { ...waits, name: 'emitter', steps: emits };
  const emitted = await engine.run(plan);
  expect(emitted.result).toEqual({ event_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  for (const id of ids) expect((await engine.ended(id)).result).toBe(2);
  const [{ count }] = await engine.dataSource.query('SELECT count(*)::int FROM event_waits');
  expect(count).toBe(0);
});

test('what cannot be waited for fails its step', async () => {
  const head = 'inputs: { two: { default: 2 } }\n';
  const bad = async (step: string) => (await engine.run(compiled(step, head), { two: 2 })).error;
  expect(await bad(`  - wait: { signal: '{{ inputs.two }}' }\n`)).toMatchObject({
    code: 'expression_error',
    message: 'wait.signal must be a name, but is 2',
  });
  expect(await bad(`  - wait: { event: a, match: '{{ [1] }}' }\n`)).toMatchObject({
    message: 'wait.match must be a map, but is [1]',
  });
  expect(await bad(`  - approve: { who: '{{ 1 + 1 }}' }\n`)).toMatchObject({
    message: 'approve.who must be a name or a list of names, but is 2',
  });
});

test('a cancelled run is undone, and its end is done, in spite of the cancellation', async () => {
  calls = [];
  let id = '';
  during = async (path, signal) => {
    if (path !== 'long') return;
    await engine.cancel(id);
    await new Promise((_, reject) => signal.addEventListener('abort', reject));
  };
  const plan =
    compiled(`  - { name: first, script: work, compensate: { name: undo_first, script: work, inputs: { n: '{{ result.n }}' } }, inputs: { n: 1 } }
  - { name: second, script: work, trace: step, compensate: { name: undo_second, script: work, trace: step } }
  - { name: long, script: work, timeout_seconds: 1 }
  - { name: never, script: work, compensate: { script: work } }
always:
  - { name: last, script: work, inputs: { code: '{{ error.code }}' } }
`);
  id = await engine.accept(plan);
  const ended = await engine.ended(id);
  expect(ended.status).toBe('cancelled');
  expect(calls).toEqual([
    'first',
    'second',
    'long',
    'second/compensate/undo_second',
    'first/compensate/undo_first',
    '.always/last',
  ]);
  const rows = await engine.dataSource.query(
    `SELECT name, inputs, status FROM execution_steps WHERE run_id = $1 AND name IN ('undo_first', 'last') ORDER BY name`,
    [id],
  );
  expect(rows).toEqual([
    { name: 'last', inputs: { code: 'cancelled' }, status: 'success' },
    { name: 'undo_first', inputs: { n: 1 }, status: 'success' },
  ]);
  await until('the engine says the same', async () => {
    const { status } = await (await workflowOf(engine, id)).describe();
    return status.name === 'CANCELLED';
  });
  during = async () => {};
});

test('a compensation that fails is told to a person, and the rest goes on', async () => {
  calls = [];
  during = async (path) => {
    if (path === 'second/compensate/broken') throw new MissionError('script_error', 'jammed');
    if (path === 'third') throw new MissionError('script_error', 'no');
  };
  const ended = await engine.run(
    compiled(`  - { name: first, script: work, compensate: { name: undo_first, script: work } }
  - { name: second, script: work, compensate: { name: broken, script: work } }
  - { name: third, script: work }
`),
  );
  during = async () => {};
  expect(ended).toMatchObject({ status: 'error', error: { code: 'script_error', message: 'no' } });
  expect(calls.slice(3)).toEqual(['second/compensate/broken', 'first/compensate/undo_first']);
  const alerts = await engine.dataSource.query('SELECT * FROM alerts WHERE run_id = $1', [
    ended.id,
  ]);
  expect(alerts).toMatchObject([
    {
      kind: 'compensation_failed',
      severity: 'critical',
      message: 'the compensation of second failed: jammed',
    },
  ]);
});

test('what is always done may fail a run that has succeeded, and changes no result', async () => {
  const ok = await engine.run(compiled(`  - return: 3\nalways:\n  - script: work\n`));
  expect(ok).toMatchObject({ status: 'success', result: 3 });
  const bad = await engine.run(compiled(`  - return: 3\nalways:\n  - fail: too late\n`));
  expect(bad).toMatchObject({
    status: 'error',
    error: {
      code: 'always_failed',
      message: 'always: too late',
      data: { code: 'directive_failed' },
    },
  });
});

test('a question that was decided is not asked again when what is around it is tried again', async () => {
  during = async () => {
    throw new MissionError('busy', 'not now');
  };
  const plan = compiled(
    `  - parallel:
      - { name: ask, approve: { who: boss } }
      - { name: broken, script: work, trace: step }
    wait_for: any
    retry: { attempts: 2, initial_seconds: 0.05 }
`,
  );
  const id = await engine.accept(plan);
  const asked = () =>
    engine.dataSource.query(
      `SELECT a.id FROM approvals a JOIN execution_steps s ON s.run_id = a.run_id AND s.name = 'broken'
       WHERE a.run_id = $1 AND s.status = 'error'`,
      [id],
    );
  const [question] = await until('one has failed', async () => {
    const rows = await asked();
    return rows.length > 0 && rows;
  });
  const answer = { id: question.id, decision: 'denied' as const, actor: 'boss', role: 'operator' };
  await new ApprovalService(engine.dataSource, new KeyStore(engine.dataSource)).resolve(answer);
  const ended = await engine.ended(id);
  expect(ended).toMatchObject({ status: 'error', error: { code: 'approval_denied' } });
  during = async () => {};
});

test('a limit is followed by an ending with bounds of its own', async () => {
  calls = [];
  const ended = await engine.run(
    compiled(
      `  - { name: first, script: work, compensate: { name: undo_first, script: work } }
  - { name: second, script: work, if: '{{ steps.first != null }}' }
always:
  - { name: last, script: work }
`,
      'limits: { steps: 1 }\n',
    ),
  );
  expect(ended.error?.code).toBe('steps_exceeded');
  expect(calls).toEqual(['first', 'first/compensate/undo_first', '.always/last']);
});

test('a busy worker starts nothing, and carries out what was ordered of runs that are there', async () => {
  calls = [];
  during = async () => {};
  const waits = compiled('  - { name: wait, wait: { signal: go } }\n');
  const [told, stopped] = [await engine.accept(waits), await engine.accept(waits)];
  for (const id of [told, stopped]) {
    await until('it waits', async () => (await statusOf(id)) === 'running');
  }
  let calm = () => {};
  const quiet = new Promise<void>((resolve) => (calm = resolve));
  const busy = Array.from({ length: BUSY }, () => engine.load.during(() => quiet));
  const late = await engine.accept(compiled('  - { name: late, script: work }\n'));
  await control.signal(told, 'go', null, 'tester');
  await engine.cancel(stopped);
  expect(await engine.ended(told)).toMatchObject({ status: 'success' });
  expect(await engine.ended(stopped)).toMatchObject({ status: 'cancelled' });
  expect(await statusOf(late)).toBe('pending');
  calm();
  await Promise.all(busy);
  expect(await engine.ended(late)).toMatchObject({ status: 'success' });
});
