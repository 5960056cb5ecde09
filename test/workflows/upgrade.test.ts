import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KeyStore } from '../../src/access/key-store.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import type { Plan } from '../../src/contracts/plan.js';
import { ApprovalService } from '../../src/kernel/approval-service.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import {
  earlierBundle,
  startTestEngine,
  type TestEngine,
  workflowBundle,
} from '../support/engine.js';
import { until } from '../support/instance.js';

let engine: TestEngine;
const calls: string[] = [];
let open = () => {};
const gate = new Promise<void>((resolve) => (open = resolve));

beforeAll(async () => {
  const projectScripts = {
    async run(_: unknown, { context, inputs }: { context: { step_path: string }; inputs: object }) {
      calls.push(context.step_path);
      if ('held' in inputs) await gate;
      return { done: context.step_path };
    },
  };
  engine = await startTestEngine({ projectScripts }, undefined, await earlierBundle());
}, 120_000);
afterAll(() => engine.stop());

function compiled(steps: string): Plan {
  const script = { name: 'work', language: 'js' as const, file: '/nowhere/work.js' };
  const { plan } = compileDirective(
    `name: begun_before\nversion: 1.0.0\ndescription: d\npermissions: [write:events]\nsteps:\n${steps}`,
    {
      scripts: new Map(),
      projectScripts: new Map([['work', script]]),
      mcpServers: new Set(),
      ceilings: DEFAULT_CEILINGS,
    },
  );
  return plan!;
}

const LANES = `  - { name: first, script: work, compensate: { name: undo, script: work } }
  - parallel:
      - [{ name: told, wait: { signal: go } }, { name: after_told, script: work }]
      - { name: asked, approve: { who: chief } }
      - [{ name: heard, wait: { event: news } }, { name: after_heard, script: work, trace: step }]
      - [{ name: light, script: work }, { name: later, wait: { duration_seconds: 4 } }]
      - foreach: [1, 2, 3]
        concurrency: 3
        steps: [{ name: own, script: work, trace: step, inputs: { held: true } }, { set: { n: '{{ item }}' } }]
  - { name: last, script: work }
`;

test('runs that were begun by an earlier build come to their end in a newer one', async () => {
  const plan = compiled(`${LANES}  - return: ['{{ steps.told }}', '{{ steps.asked.decision }}']\n`);
  const failing = compiled(`${LANES}  - fail: enough\n`);
  const ids = [await engine.accept(plan), await engine.accept(failing)];
  const { dataSource } = engine;
  await until('both wait for everything', async () => {
    const count = async (table: string) =>
      (await dataSource.query(`SELECT count(*)::int AS n FROM ${table}`))[0].n as number;
    const held = calls.filter((path) => path.endsWith('/own')).length;
    return held === 6 && (await count('approvals')) === 2 && (await count('event_waits')) === 2;
  });
  open();
  await engine.worker.stop();
  await engine.worker.start(await workflowBundle());
  const control = new RunControl(dataSource);
  for (const id of ids) {
    await control.signal(id, 'go', 7, 'tester');
    const [{ id: question }] = await dataSource.query(
      'SELECT id FROM approvals WHERE run_id = $1',
      [id],
    );
    const answer = { id: question, comment: null, form: null, actor: 'chief', role: 'chief' };
    await new ApprovalService(dataSource, new KeyStore(dataSource)).resolve({
      ...answer,
      decision: 'approved',
    });
  }
  await engine.run(compiled('  - emit: news\n'));
  const [done, failed] = [await engine.ended(ids[0]!), await engine.ended(ids[1]!)];
  expect(done).toMatchObject({ status: 'success', result: [7, 'approved'] });
  expect(failed).toMatchObject({ status: 'error', error: { code: 'directive_failed' } });
  const twice = ['first', 'last'].map((path) => calls.filter((call) => call === path).length);
  expect(twice).toEqual([2, 2]);
  expect(calls.filter((call) => call === 'first/compensate/undo')).toHaveLength(1);
}, 60_000);
