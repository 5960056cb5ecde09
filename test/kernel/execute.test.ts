import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { MAX_INPUT_BYTES } from '../../src/contracts/plan.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor, type StartRequest } from '../../src/kernel/execute.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Library } from '../../src/platform/library/library.js';
import { insertRun } from '../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
let project: string;
let executor: Executor;

const directive = (version: string, steps = '[{ return: "{{ inputs.n }}" }]') => `name: count
version: ${version}
description: d
permissions: []
inputs: { n: { type: integer, default: 1 }, text: { type: string, required: false } }
steps: ${steps}
`;
const edit = (text: string) => writeFileSync(join(project, '.ai/directives/count.yaml'), text);

beforeAll(async () => {
  database = await openTestDatabase();
  project = mkdtempSync(join(tmpdir(), 'mission-execute-'));
  mkdirSync(join(project, '.ai/directives'), { recursive: true });
  edit(directive('1.0.0'));
  const ceilings = DEFAULT_CEILINGS;
  const library = new Library({ project, userHome: project, mcpServers: [], ceilings });
  const { source } = database;
  executor = new Executor(source, new DirectiveRegistry(library, new PlanReader(source)));
}, 120_000);
afterAll(async () => {
  await database?.close();
  rmSync(project, { recursive: true });
});

const start = (changes: Partial<StartRequest> = {}) =>
  executor.start({ directive: 'count', actor: 'ann', triggeredBy: 'manual', ...changes });
const query = (sql: string, parameters: unknown[] = []) => database.source.query(sql, parameters);
const counts = async () =>
  (
    await query(`SELECT (SELECT count(*)::int FROM directive_executions) AS runs,
      (SELECT count(*)::int FROM outbox) AS orders, (SELECT count(*)::int FROM audit_events) AS audit,
      (SELECT count(*)::int FROM directive_plans) AS plans`)
  )[0];

test('an accepted run is there with its plan, its order to start and its audit row', async () => {
  const run = await start({ inputs: { n: 3 } });
  expect(run).toMatchObject({
    directive_name: 'count',
    directive_version: '1.0.0',
    status: 'pending',
    actor: 'ann',
    inputs: { n: 3 },
    root_id: run.id,
    parent_id: null,
  });
  expect(await query('SELECT kind FROM outbox WHERE run_id = $1', [run.id])).toEqual([
    { kind: 'start' },
  ]);
  const audit = `SELECT actor, action, data FROM audit_events WHERE target = 'execution:' || $1`;
  expect(await query(audit, [run.id])).toEqual([
    { actor: 'ann', action: 'execution.start', data: { directive: 'count', version: '1.0.0' } },
  ]);
  const plans = await query('SELECT plan, source FROM directive_plans WHERE hash = $1', [
    run.plan_hash,
  ]);
  expect(plans).toMatchObject([{ plan: { name: 'count' }, source: directive('1.0.0') }]);
});

test('a plan is stored once, whoever stores it first', async () => {
  const [first, second] = await Promise.all([start(), start()]);
  expect(second.plan_hash).toBe(first.plan_hash);
  const rows = await query('SELECT 1 FROM directive_plans WHERE hash = $1', [first.plan_hash]);
  expect(rows.length).toBe(1);
});

test('the default of an input is filled in', async () => {
  expect((await start()).inputs).toEqual({ n: 1 });
});

describe('an idempotency key', () => {
  test('answers with the same run, of starts at the same time, too', async () => {
    const before = await counts();
    const starts = Array.from({ length: 6 }, () => start({ idempotencyKey: 'same' }));
    const ids = new Set((await Promise.all(starts)).map(({ id }) => id));
    expect(ids.size).toBe(1);
    const { runs, orders, audit } = await counts();
    expect([runs, orders, audit]).toEqual([before.runs + 1, before.orders + 1, before.audit + 1]);
  });

  test('is an actor’s own', async () => {
    const mine = await start({ idempotencyKey: 'own' });
    expect((await start({ idempotencyKey: 'own', actor: 'bob' })).id).not.toBe(mine.id);
  });

  test('with other inputs is refused, and names the run', async () => {
    const { id } = await start({ idempotencyKey: 'other' });
    const again = start({ idempotencyKey: 'other', inputs: { n: 2 } });
    await expect(again).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(id),
    });
  });
});

describe('a version', () => {
  test('that was run before is found in the history, exactly or by range', async () => {
    await start();
    edit(directive('2.0.0'));
    try {
      expect((await start()).directive_version).toBe('2.0.0');
      expect((await start({ version: '1.0.0' })).directive_version).toBe('1.0.0');
      expect((await start({ range: '^1.0.0' })).directive_version).toBe('1.0.0');
    } finally {
      edit(directive('1.0.0'));
    }
  });
});

test('the child of a run belongs to its family, and waits with it when it is paused', async () => {
  const parent = 'parent-run';
  await insertRun(database.source, parent, { root_id: 'root', status: 'paused', pauses: 1 });
  const limits = { ...DEFAULT_CEILINGS, duration_seconds: 60 };
  const boundsOf = () => ({ limits, permissions: ['read:x'], deadline_ms: 7 });
  const child = await start({
    triggeredBy: 'parent',
    parent: { id: parent, directive: 'above', boundsOf },
  });
  expect(child).toMatchObject({ parent_id: parent, root_id: 'root', status: 'paused' });
  expect(await query('SELECT bounds FROM directive_executions WHERE id = $1', [child.id])).toEqual([
    { bounds: boundsOf() },
  ]);
});

describe('what is refused leaves no row:', () => {
  const tooLong = 'x'.repeat(MAX_INPUT_BYTES);
  test.each<[string, Partial<StartRequest>, string, string]>([
    ['an unknown directive', { directive: 'cuont' }, 'not_found', 'count'],
    ['an unknown version', { version: '9.0.0' }, 'not_found', '9.0.0'],
    ['a range that nothing is in', { range: '^9.0.0' }, 'not_found', 'within ^9.0.0'],
    ['an input of another type', { inputs: { n: 'many' } }, 'input_invalid', 'n'],
    ['an input that is not declared', { inputs: { m: 1 } }, 'input_invalid', 'm'],
    ['inputs that are too long', { inputs: { text: tooLong } }, 'too_large', 'bytes long'],
    [
      'a text with mistakes',
      { source: directive('1.0.0', '[{ nope: 1 }]') },
      'directive_invalid',
      '6:',
    ],
    ['a text that is no directive', { source: '[' }, 'directive_invalid', 'cannot run'],
  ])('%s', async (_, changes, code, words) => {
    const before = await counts();
    const refused = expect.objectContaining({ code, message: expect.stringContaining(words) });
    await expect(start(changes)).rejects.toEqual(refused);
    expect(await counts()).toEqual(before);
  });
});
