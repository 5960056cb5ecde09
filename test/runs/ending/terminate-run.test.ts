import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../../src/contracts/catalog.js';
import { MissionError } from '../../../src/contracts/errors.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';
import type { Plan } from '../../../src/contracts/plan.js';
import { CancelService } from '../../../src/kernel/cancel-service.js';
import { compileDirective } from '../../../src/language/compile/compile.js';
import { startTestEngine, type TestEngine, workflowOf } from '../../support/engine.js';
import { until } from '../../support/instance.js';

let engine: TestEngine;
let canceller: CancelService;
let begun: string[] = [];
let cut: string[] = [];

beforeAll(async () => {
  engine = await startTestEngine({
    projectScripts: {
      run: async (script, { context, signal }) => {
        begun.push(context.step_path);
        if (script.name === 'work') return {};
        return new Promise<JsonObject>((_, reject) => {
          signal.addEventListener('abort', () => {
            cut.push(context.step_path);
            reject(new MissionError('cancelled', 'cut'));
          });
        });
      },
    },
  });
  canceller = new CancelService(engine.dataSource);
}, 120_000);
afterAll(() => engine.stop());

const script = (name: string) => ({ name, language: 'js' as const, file: `/nowhere/${name}.js` });
const catalog = {
  scripts: new Map(),
  projectScripts: new Map(['work', 'hang'].map((name) => [name, script(name)])),
  mcpServers: new Set<string>(),
  ceilings: DEFAULT_CEILINGS,
};

/** Its compensation hangs: only a hard end ends it. */
function stubborn(options = ''): Plan {
  const text = `name: stubborn
version: 1.0.0
description: d
permissions: []
limits: { duration_seconds: 6000 }
steps:
  - { name: first, script: work, compensate: { name: undo, script: hang, timeout_seconds: 9${options} } }
  - { name: long, script: hang, timeout_seconds: 9${options} }
`;
  const { plan, diagnostics } = compileDirective(text, catalog);
  expect(diagnostics).toEqual([]);
  return plan!;
}

const rowOf = async (id: string) =>
  (await engine.dataSource.query('SELECT * FROM directive_executions WHERE id = $1', [id]))[0];

test.each([
  ['own', ', trace: step'],
  ['light', ''],
])('an ending of an %s step that hangs is ended hard, on request', async (_kind, options) => {
  [begun, cut] = [[], []];
  const id = await engine.accept(stubborn(options));
  await until('it works', () => begun.includes('long'));
  await canceller.cancel(id, { actor: 'ann', reason: 'wrong month' });
  await until('it undoes', () => begun.includes('first/compensate/undo'));
  const row = await rowOf(id);
  expect(row).toMatchObject({ status: 'running', cancel_reason: 'wrong month' });
  // A tenth of the limit, and a moment for the ending's own bound.
  expect((row.cancel_due_at - row.started_at) / 1000).toBeGreaterThan(600);
  await canceller.cancel(id, { actor: 'bob', force: true });
  const ended = await engine.ended(id);
  expect(ended).toMatchObject({
    status: 'cancelled',
    ended_hard: true,
    error: { code: 'cancelled', data: { hard: true } },
  });
  await until('the script is cut off', () => cut.includes('first/compensate/undo'));
  const { status } = await (await workflowOf(engine, id)).describe();
  expect(status.name).toBe('TERMINATED');
  const query = (sql: string) => engine.dataSource.query(sql, [id]);
  expect(
    await query(
      `SELECT actor, action FROM audit_events WHERE target = 'execution:' || $1::text ORDER BY id`,
    ),
  ).toEqual(
    expect.arrayContaining([
      { actor: 'ann', action: 'execution.cancel' },
      { actor: 'bob', action: 'execution.cancel' },
      { actor: 'bob', action: 'execution.end_hard' },
      { actor: 'tester', action: 'execution.end' },
    ]),
  );
  expect(await query('SELECT kind, severity FROM alerts WHERE run_id = $1')).toEqual([
    { kind: 'run_ended_hard', severity: 'critical' },
  ]);
  expect(
    await query(
      `SELECT 1 FROM execution_steps WHERE run_id = $1 AND status IN ('running', 'waiting')`,
    ),
  ).toEqual([]);
  await until(
    'its outbox is empty',
    async () => (await query('SELECT 1 FROM outbox WHERE run_id = $1')).length === 0,
  );
});

test('a grace of its own ends a run at that time, and one that ends before is left alone', async () => {
  [begun, cut] = [[], []];
  const id = await engine.accept(stubborn(', trace: step'));
  await until('it works', () => begun.includes('long'));
  const asked = Date.now();
  await canceller.cancel(id, { actor: 'ann', graceSeconds: 1.5 });
  const ended = await engine.ended(id);
  expect(ended).toMatchObject({ status: 'cancelled', ended_hard: true });
  expect(Date.now() - asked).toBeGreaterThan(1_400);
  expect(begun).toContain('first/compensate/undo');

  const quick = await engine.accept({ ...stubborn(), steps: stubborn().steps.slice(1) });
  await until('the other works', () => begun.filter((path) => path === 'long').length === 2);
  await canceller.cancel(quick, { actor: 'ann', graceSeconds: 5 });
  expect(await engine.ended(quick)).toMatchObject({ status: 'cancelled', ended_hard: false });
});

test('a run that was never started is ended hard without being started', async () => {
  const known = await engine.accept({ ...stubborn(), steps: stubborn().steps.slice(0, 1) });
  await engine.ended(known);
  begun = [];
  await engine.dataSource.query(
    `INSERT INTO directive_executions
       (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, root_id)
     SELECT 'unstarted', directive_name, directive_version, plan_hash, triggered_by, actor, inputs, 'unstarted'
     FROM directive_executions WHERE id = $1`,
    [known],
  );
  await canceller.cancel('unstarted', { actor: 'ann', force: true });
  expect(await engine.ended('unstarted')).toMatchObject({ status: 'cancelled', ended_hard: true });
  expect(begun).toEqual([]);
});

test('what cannot be cancelled so is refused', async () => {
  const refused = (graceSeconds: number, force = false) =>
    canceller.cancel('x', { actor: 'ann', graceSeconds, force });
  await expect(refused(1)).rejects.toMatchObject({ code: 'not_found' });
  await expect(refused(-1)).rejects.toMatchObject({ code: 'input_invalid' });
  await expect(refused(NaN)).rejects.toMatchObject({ code: 'input_invalid' });
  await expect(refused(1, true)).rejects.toMatchObject({ code: 'input_invalid' });
});
