import { expect, test } from '@jest/globals';
import { runDirective, runRequest } from '../../src/intent/running.js';
import { failed, ok, outcome, talk } from './talks.js';

const result = (id: string, description: string, more = {}, score = 0.5) => ({
  id,
  type: 'directive',
  score,
  metadata: { description, inputs: {}, destructive: false, ...more },
});
const found = (...results: object[]) => ({
  tool: 'search',
  args: {},
  answer: ok({ results, total: results.length } as never),
});
const ran = (value: object) => ({ tool: 'execute', args: {}, answer: ok(value as never) });
const request = (text: string, ...calls: never[]) =>
  outcome(() => runRequest(talk(text, calls), text, true));

test('a request is searched first, then run with the inputs that it gives', () => {
  expect(request('deploy staging')).toEqual([
    'search',
    { item_type: 'directive', query: 'deploy staging', limit: 20 },
  ]);
  const one = found(
    result('deploy_staging', 'Deploys', { inputs: { service: { type: 'string' } } }),
  );
  expect(request('deploy staging service=auth', one as never)).toEqual([
    'execute',
    {
      item_type: 'directive',
      action: 'run',
      item_id: 'deploy_staging',
      parameters: { inputs: { service: 'auth' } },
    },
  ]);
});

test('what may destroy something, and what is not sure, is asked', () => {
  const drop = found(result('drop_database', 'Drops a database', { destructive: true }));
  expect(request('drop database', drop as never)).toContain(
    'Shall I run `drop_database` with `{}`? It may delete',
  );
  const two = found(result('send_mail', 'Sends'), result('send_letter', 'Sends'));
  expect(request('send', two as never)).toMatch(/^Which one do you mean\?\n1\. `send_/);
  expect(request('fly to the moon', found(result('send_mail', 'Sends')) as never)).toContain(
    'I find no directive',
  );
});

test('every end of a run is told', () => {
  const end = (value: object) => outcome(() => runDirective(talk('x', [ran(value)]), 'job', {}));
  const execution_id = '12345678-aaaa';
  expect(end({ status: 'success', result: { n: 1 }, execution_id })).toBe(
    '`job` is done (run 12345678):\n- n: 1',
  );
  expect(end({ status: 'success', result: null, execution_id })).toBe(
    '`job` is done (run 12345678).',
  );
  expect(end({ status: 'error', error: { message: 'full', step: 's' }, execution_id })).toBe(
    '`job` failed in step `s` (run 12345678): full',
  );
  expect(end({ status: 'running', execution_id })).toContain('is still running (run 12345678)');
  expect(end({ status: 'cancelled', execution_id })).toContain('was cancelled');
  expect(end({ missing_inputs: ['a'], all_inputs: [{ name: 'a', type: 'integer' }] })).toContain(
    '- `a` (integer, optional)',
  );
});

test('a refusal is told', () => {
  const denied = {
    tool: 'execute',
    args: {},
    answer: failed('permission_denied', 'ann lacks a right.'),
  };
  expect(outcome(() => runDirective(talk('x', [denied]), 'job', {}))).toBe(
    '`job` was not run: you may not. ann lacks a right.',
  );
});

test('what only means the same is asked about, however sure the meaning is', () => {
  const alike = (id: string, meaning: number, more = {}) => ({
    ...result(id, 'Pays the salaries', more),
    match: { words: 0, meaning },
  });
  const wages = 'transfer all wages';
  expect(request(wages, found(alike('run_payroll', 0.9), alike('x', 0.2)) as never)).toBe(
    'Shall I run `run_payroll` with `{}`? (yes or no)',
  );
  const both = found(alike('run_payroll', 0.5), alike('pay_bonus', 0.48));
  expect(request(wages, both as never)).toMatch(/^Which one do you mean\?\n1\. `run_payroll`/);
  expect(request(wages, found(alike('run_payroll', 0.2)) as never)).toContain(
    'I find no directive',
  );
  const bank = { ...result('reconcile_bank', 'Matches'), match: { words: 0.3, meaning: 0.1 } };
  const back = 'give the money back';
  expect(request(back, found(bank, alike('refund_payment', 0.6)) as never)).toMatch(
    /^Which one do you mean\?\n1\. `reconcile_bank`.*\n2\. `refund_payment`/,
  );
  const wipe = found(alike('wipe_disk', 0.9, { destructive: true }));
  expect(request(wages, wipe as never)).toContain('It may delete or overwrite something');
});
