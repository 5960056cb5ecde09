import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Execution } from '../../src/contracts/execution.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import { checkInputs } from '../../src/language/inputs/check-inputs.js';
import { startTestEngine, type TestEngine } from '../support/engine.js';
import { ScriptsProject } from '../support/scripts-project.js';

let project: ScriptsProject;
let engine: TestEngine;

beforeAll(async () => {
  project = new ScriptsProject();
  cpSync(join(import.meta.dirname, '../../examples/invoices'), project.path, { recursive: true });
  rmSync(join(project.path, 'reports'), { recursive: true, force: true });
  engine = await startTestEngine(await project.tools());
}, 120_000);
afterAll(async () => {
  await engine.stop();
  await project.close();
});

/** Runs the directive as it lies in the project, with its declared defaults. */
async function run(name: string, given: JsonObject = {}): Promise<Execution> {
  const file = await project.library.directive(name);
  const plan = await project.plan(file!.text);
  return engine.run(plan, checkInputs(plan.inputs, given).inputs);
}

const report = (given?: JsonObject) => run('monthly_report', given);

/** What the exports really hold, added up in cents. */
function oracle(month: string, over: number) {
  const rows = ['north', 'south', 'web'].flatMap((branch) =>
    readFileSync(join(project.path, 'exports', month, `${branch}.csv`), 'utf8')
      .trim()
      .split('\n')
      .slice(1),
  );
  const amounts = rows
    .map((row) => Number(row.split(',').at(-1)))
    .filter((amount) => !Number.isNaN(amount));
  const cents = amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0);
  return { total: cents / 100, review: amounts.filter((amount) => amount > over).length };
}

test('a month with a row that cannot be read', async () => {
  const ended = await report();
  expect(ended).toMatchObject({
    status: 'success',
    result: {
      report: 'reports/2026-01.md',
      ...oracle('2026-01', 1000),
      unreadable: ['W-2601-005'],
      verdict: '1 of 3 exports need a look',
    },
  });
  const text = readFileSync(join(project.path, 'reports/2026-01.md'), 'utf8');
  expect(text).toMatch(
    /^# Invoices of 2026-01\n\n1 of 3 exports need a look\.\n\n```\nnorth +3822\.64 {2}8 invoices\n/,
  );
  expect(text).toContain('## Not readable\n\n- W-2601-005\n');
  expect(text).toContain(`Run ${ended.id}\n`);
});

test('a complete month, with another threshold', async () => {
  const { status, result } = await report({ month: '2026-02', review_over: 500 });
  expect(status).toBe('success');
  expect(result).toMatchObject({
    ...oracle('2026-02', 500),
    unreadable: [],
    verdict: 'All 3 exports are complete',
  });
});

test('a month without exports, and one that is none', async () => {
  expect(await report({ month: '1999-12' })).toMatchObject({
    status: 'error',
    error: { code: 'no_exports', message: 'There is no CSV file in exports/1999-12' },
  });
  expect(await report({ month: '../..' })).toMatchObject({
    status: 'error',
    error: {
      code: 'script_error',
      step: 'list_exports',
      message: expect.stringContaining('must look like'),
    },
  });
});

test('a line a second', async () => {
  const { status, result, id } = await run('count_slowly', { lines: 2 });
  expect({ status, result }).toEqual({ status: 'success', result: { asked: 2, written: 2 } });
  const lines = readFileSync(join(project.path, `reports/count-${id}.txt`), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toEqual([
    expect.stringMatching(`^${id}:.*0$`),
    expect.stringMatching(`^${id}:.*1$`),
  ]);
});
