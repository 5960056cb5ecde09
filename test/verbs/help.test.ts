import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApprovalService } from '../../src/kernel/approval-service.js';
import { until } from '../support/instance.js';
import { CALLER, kernelProject, type KernelProject } from './kernel-project.js';

let at: KernelProject;
beforeAll(async () => void (at = await kernelProject()), 120_000);
afterAll(() => at?.close());

test('every topic has a text; an unknown one gets the overview', async () => {
  const { topics } = await at.call('help', {});
  expect(topics).toContain('execute');
  for (const topic of topics)
    expect((await at.call('help', { topic })).text.length).toBeGreaterThan(50);
  expect(await at.call('help', { topic: 'cats' })).toMatchObject({ topic: 'overview' });
  expect(await at.call('help', { action: 'guidance', topic: 'load' })).toMatchObject({
    topic: 'load',
  });
});

const inRun = (id: string) => ({
  ...CALLER,
  run: { id, permissions: null, key: `${id}:answer/help:0.1`, threadId: 't1' },
});
const ask = (more: object = {}) => ({
  action: 'stuck',
  reason: 'I go round in circles',
  attempts: 3,
  wait_seconds: 0,
  ...more,
});
const service = () => new ApprovalService(at.dataSource, { holders: async () => [] });
const answer = (id: string, text: string) => service().answer({ id, text, actor: 'bob' });

test('a request to a person is kept, once for each call of a run, and people are told', async () => {
  const caller = inRun('r1');
  const first = await at.call('help', ask(), caller);
  expect(first).toMatchObject({ action: 'stuck', status: 'open', answer: null });
  expect(first.next).toEqual({ verb: 'load', item_type: 'request', item_id: first.request_id });
  expect(await at.call('help', ask(), caller)).toEqual(first);
  const rows = await at.dataSource.query(`SELECT * FROM approvals WHERE run_id = 'r1'`);
  expect(rows).toMatchObject([
    {
      id: first.request_id,
      kind: 'stuck',
      asked_by: 'anna',
      path: 'answer/help',
      iteration: '0.1',
    },
  ]);
  expect(rows[0].shows).toEqual({ attempts: 3, options: null, context: null });
  const alerts = await at.dataSource.query(`SELECT * FROM alerts WHERE run_id = 'r1'`);
  expect(alerts).toMatchObject([
    { kind: 'help_stuck', subject: 'thread:t1', data: { request_id: first.request_id } },
  ]);
});

test('a call that waits gets the answer, and a repeated one gets the same', async () => {
  const caller = inRun('r2');
  const waiting = at.call('help', ask({ wait_seconds: 20 }), caller);
  const [row] = await until('the request is stored', async () => {
    const rows = await at.dataSource.query(`SELECT id FROM approvals WHERE run_id = 'r2'`);
    return rows.length > 0 ? (rows as { id: string }[]) : null;
  });
  const { id } = row!;
  await answer(id, 'try the other door');
  const told = await waiting;
  expect(told).toMatchObject({
    request_id: id,
    status: 'answered',
    answer: 'try the other door',
    answered_by: 'bob',
  });
  expect(told.next).toBeUndefined();
  expect(await at.call('help', ask({ wait_seconds: 20 }), caller)).toEqual(told);
});

test('a client without a run asks as well; each call is a request of its own', async () => {
  const [first, second] = [await at.call('help', ask()), await at.call('help', ask())];
  expect(first.request_id).not.toBe(second.request_id);
  await answer(first.request_id, 'go left');
  const loaded = await at.call('load', { item_type: 'request', item_id: first.request_id });
  expect(loaded).toMatchObject({ status: 'answered', answer: 'go left', answered_by: 'bob' });
});

test('a closed connection ends the wait, and not the request', async () => {
  const gone = AbortSignal.abort();
  const asked = await at.call('help', ask({ wait_seconds: 20 }), { ...CALLER, signal: gone });
  expect(asked.status).toBe('open');
  await answer(asked.request_id, 'still here');
});

test('secrets are taken out of what is stored', async () => {
  at.recorder.redactor.learn('token', 'hunter2-hunter2');
  const secret = { reason: 'hunter2-hunter2 fails', context: { token: 'hunter2-hunter2' } };
  const { request_id } = await at.call('help', ask(secret));
  const [row] = await at.dataSource.query('SELECT * FROM approvals WHERE id = $1', [request_id]);
  expect(JSON.stringify(row)).not.toContain('hunter2');
});

test('a request needs a reason, and a known action', async () => {
  expect(await at.refusal('help', { action: 'stuck' })).toEqual([
    'input_invalid',
    '"reason" is missing: say what the matter is.',
  ]);
  expect((await at.refusal('help', { action: 'panic' }))[1]).toContain('there are guidance, stuck');
  expect((await at.refusal('help', { ...ask(), wait_seconds: 1.5 }))[0]).toBe('input_invalid');
});
