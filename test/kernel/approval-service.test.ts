import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ApprovalService, type ApprovalVote } from '../../src/kernel/approval-service.js';
import { Approvals } from '../../src/runs/approvals.js';
import { insertRun } from '../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

const PEOPLE = [
  { actor: 'ann', role: 'admin' },
  { actor: 'bob', role: 'admin' },
  { actor: 'cid', role: 'viewer' },
];

let database: TestDatabase;
let service: ApprovalService;
let runId: string;
let id: string;
let runs = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  service = new ApprovalService(database.source, {
    // Today every key has the role "operator"; the service takes any.
    holders: async () => PEOPLE as never,
  });
}, 120_000);
afterAll(() => database?.close());

const ask = async (changes = {}) => {
  runId = `run-${++runs}`;
  await insertRun(database.source, runId, { status: 'running', actor: 'starter' });
  await new Approvals(database.source).ask(runId, {
    path: 'ask',
    iteration: '',
    step: 'ask',
    description: 'May it?',
    who: ['admin'],
    quorum: 1,
    self_approval: false,
    form: { why: { type: 'string', required: true } },
    shows: null,
    hash: 'a1',
    expires_ms: Date.now() + 60_000,
    ...changes,
  });
  [{ id }] = await database.source.query('SELECT id FROM approvals WHERE run_id = $1', [runId]);
};
beforeEach(() => ask());

const vote = (changes: Partial<ApprovalVote> = {}) =>
  service.resolve({
    id,
    decision: 'approved',
    actor: 'ann',
    role: 'admin',
    form: { why: 'so' },
    ...changes,
  });
const row = async () =>
  (await database.source.query('SELECT * FROM approvals WHERE id = $1', [id]))[0];
const messages = () =>
  database.source.query('SELECT * FROM run_messages WHERE run_id = $1', [runId]);
const audit = () =>
  database.source.query('SELECT * FROM audit_events WHERE target = $1 ORDER BY id', [
    `approval:${id}`,
  ]);

test('an approval decides, is audited, and reaches the run', async () => {
  expect(await vote({ comment: 'fine' })).toMatchObject({ status: 'approved', decided_by: 'ann' });
  expect(await messages()).toMatchObject([
    {
      kind: 'decision',
      name: 'ask#',
      actor: 'ann',
      payload: { status: 'approved', by: 'ann', comment: 'fine', form: { why: 'so' } },
    },
  ]);
  const orders = 'SELECT kind FROM outbox WHERE run_id = $1';
  expect(await database.source.query(orders, [runId])).toEqual([{ kind: 'messages' }]);
  expect(await audit()).toMatchObject([{ actor: 'ann', action: 'approval.approved' }]);
});

const checks = () =>
  database.source.query('SELECT * FROM permission_checks WHERE run_id = $1 ORDER BY id', [runId]);

test('who was let decide and who was not is recorded', async () => {
  await expect(vote({ actor: 'cid', role: 'viewer' })).rejects.toMatchObject({
    code: 'permission_denied',
  });
  await vote();
  expect(await checks()).toMatchObject([
    {
      ...{ actor: 'cid', action: 'approval', target: 'ask', step_path: 'ask', allowed: false },
      reason: expect.stringContaining('cid is not an approver of "ask"; admin can decide.'),
    },
    { actor: 'ann', allowed: true, reason: 'ann approved it. The role admin is asked.' },
  ]);
});

test('with a quorum the last approval decides, and its form counts over those before it', async () => {
  await ask({ quorum: 2 });
  expect(await vote({ form: { why: 'first' } })).toMatchObject({ status: 'pending' });
  expect(await messages()).toEqual([]);
  await expect(vote()).rejects.toMatchObject({ code: 'conflict' });
  const decided = await vote({ actor: 'bob', form: { why: 'second' } });
  expect(decided).toMatchObject({ status: 'approved', decided_by: 'ann, bob' });
  expect(decided.answers).toEqual({ why: 'second' });
});

test('of answers at the same time one decides, and the others hear that it has ended', async () => {
  const votes = await Promise.allSettled([vote(), vote({ actor: 'bob' })]);
  expect(votes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await messages()).length).toBe(1);
});

test('one denial decides, needs no form, and may come from whoever started the run', async () => {
  await ask({ quorum: 2 });
  await vote();
  const starter = { actor: 'starter', role: 'viewer', form: null };
  const denied = await vote({ ...starter, decision: 'denied' });
  expect(denied).toMatchObject({ status: 'denied', decided_by: 'starter' });
});

test('a vote counts only for what the person has seen', async () => {
  const seen = vote({ hash: 'b2' });
  await expect(seen).rejects.toMatchObject({ code: 'conflict', data: { hash: 'a1' } });
  await expect(vote({ hash: 'b2', decision: 'denied' })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await row()).toMatchObject({ status: 'pending', votes: [] });
  expect(await vote({ hash: 'a1' })).toMatchObject({ status: 'approved' });
  expect(await audit()).toMatchObject([{ data: { hash: 'a1' } }]);
  expect(await messages()).toMatchObject([{ payload: { hash: 'a1' } }]);
});

test.each<[string, Partial<ApprovalVote>, string, string]>([
  ['somebody who is not asked', { actor: 'cid', role: 'viewer' }, 'permission_denied', 'admin'],
  ['a form with a field missing', { form: {} }, 'input_invalid', 'why'],
  ['an id that is none', { id: 'x' }, 'not_found', 'no approval x'],
])('%s is refused, and leaves nothing', async (_, changes, code, words) => {
  const refused = expect.objectContaining({ code, message: expect.stringContaining(words) });
  await expect(vote(changes)).rejects.toEqual(refused);
  expect(await row()).toMatchObject({ status: 'pending', votes: [] });
  expect([await audit(), await messages()]).toEqual([[], []]);
});

test('whoever started the run may approve it only where the step says so', async () => {
  await ask({ who: ['starter'] });
  const own = { actor: 'starter', role: 'viewer' };
  await expect(vote(own)).rejects.toMatchObject({ code: 'permission_denied' });
  await ask({ who: ['starter'], self_approval: true });
  expect(await vote(own)).toMatchObject({ status: 'approved' });
});

test('a question that has expired, or ended, takes no answer', async () => {
  await ask({ expires_ms: Date.now() - 1 });
  await expect(vote()).rejects.toMatchObject({ code: 'conflict' });
  await ask();
  await vote();
  await expect(vote({ actor: 'bob' })).rejects.toMatchObject({ code: 'conflict' });
  expect((await messages()).length).toBe(1);
});
