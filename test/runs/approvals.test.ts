import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Approvals } from '../../src/runs/approvals.js';
import { insertRun } from '../observation/rows.js';
import { openTestDatabase, type TestDatabase } from '../support/stack.js';

let database: TestDatabase;
let approvals: Approvals;
let id: string;
let runs = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  approvals = new Approvals(database.source);
}, 120_000);
afterAll(() => database?.close());

beforeEach(async () => {
  id = `run-${++runs}`;
  await insertRun(database.source, id, { status: 'running' });
});

const request = (step = 'ask') => ({
  path: 'ask',
  iteration: '1',
  step,
  description: 'May it?',
  who: ['admin'],
  quorum: 2,
  self_approval: false,
  form: { why: { type: 'string' as const, required: true } },
  shows: null,
  hash: 'a1',
  expires_ms: 1_900_000_000_000,
});
const rows = () => database.source.query('SELECT * FROM approvals WHERE run_id = $1', [id]);
const decide = (status: string) =>
  database.source.query(
    `UPDATE approvals SET status = $2, decided_by = 'ann, bob', comment = 'fine', answers = '{"why": "so"}' WHERE run_id = $1`,
    [id, status],
  );
const place = { path: 'ask', iteration: '1' };

test('a question is there once, with its terms; nobody has answered yet', async () => {
  expect(await approvals.ask(id, request())).toBeUndefined();
  expect(await approvals.ask(id, request('again'))).toBeUndefined();
  const found = await rows();
  expect(found.length).toBe(1);
  expect(found[0]).toMatchObject({
    status: 'pending',
    description: 'May it?',
    who: ['admin'],
    quorum: 2,
    votes: [],
    form: request().form,
    expires_at: new Date(request().expires_ms),
  });
});

test('who asks again hears what was decided meanwhile', async () => {
  await approvals.ask(id, request());
  await decide('approved');
  const answer = {
    status: 'approved',
    by: 'ann, bob',
    comment: 'fine',
    form: { why: 'so' },
    hash: 'a1',
  };
  expect(await approvals.ask(id, request())).toEqual(answer);
});

test('who asks about something else asks anew: what was decided does not count', async () => {
  await approvals.ask(id, request());
  await decide('approved');
  const other = { ...request(), description: 'And now?', shows: [{ step: 'pay' }], hash: 'b2' };
  expect(await approvals.ask(id, other)).toBeUndefined();
  expect(await rows()).toMatchObject([
    {
      status: 'pending',
      description: 'And now?',
      shows: [{ step: 'pay' }],
      hash: 'b2',
      votes: [],
      decided_by: null,
      answers: null,
    },
  ]);
  await decide('denied');
  expect(await approvals.ask(id, other)).toMatchObject({ status: 'denied', hash: 'b2' });
});

test('a row of an older version has no hash, and keeps its decision', async () => {
  await approvals.ask(id, request());
  await decide('approved');
  await database.source.query('UPDATE approvals SET hash = NULL WHERE run_id = $1', [id]);
  expect(await approvals.ask(id, request())).toMatchObject({ status: 'approved', hash: null });
});

test('a question whose time is over expires, once', async () => {
  await approvals.ask(id, request());
  const expired = { status: 'expired', by: null, comment: null, form: {}, hash: 'a1' };
  expect(await approvals.expire(id, place)).toEqual(expired);
  const [{ decided_at }] = await rows();
  expect(await approvals.expire(id, place)).toEqual(expired);
  expect((await rows())[0].decided_at).toEqual(decided_at);
});

test('people who were faster than the time have decided', async () => {
  await approvals.ask(id, request());
  await decide('denied');
  expect(await approvals.expire(id, place)).toMatchObject({ status: 'denied', by: 'ann, bob' });
});

test('what was never asked cannot expire', async () => {
  const expired = approvals.expire(id, place);
  await expect(expired).rejects.toMatchObject({
    code: 'internal',
    message: 'there is no approval for the step ask',
  });
});
