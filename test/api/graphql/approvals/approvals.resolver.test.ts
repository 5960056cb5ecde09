import { beforeEach, expect, test } from '@jest/globals';
import { createKey, hashKey } from '../../../../src/access/api-key.js';
import { HelpRequests } from '../../../../src/kernel/help-requests.js';
import { Redactor } from '../../../../src/platform/redaction/redactor.js';
import { Approvals } from '../../../../src/runs/approvals.js';
import { insertRun } from '../../../observation/rows.js';
import { type TestApi, withApi } from '../../support.js';

let api: TestApi;
withApi((opened) => (api = opened));
beforeEach(() =>
  api.dataSource.query(
    'TRUNCATE directive_executions, run_messages, outbox, approvals, audit_events',
  ),
);

const FIELDS = 'id kind status executionId askedBy answer decidedBy expiresAt';
const place = { path: 'ask', iteration: '', step: 'ask' };
const question = {
  ...place,
  description: 'Go on?',
  who: [],
  quorum: 1,
  self_approval: true,
  form: {},
  shows: null,
  hash: 'a1',
  expires_ms: Date.now() + 60_000,
};
const askHelp = () =>
  new HelpRequests(api.dataSource, new Redactor()).open({
    kind: 'escalate',
    reason: 'Which door?',
    about: { options: ['left'] },
    actor: 'anna',
  });
async function askInRun(kind?: 'stuck') {
  await insertRun(api.dataSource, 'r', { status: 'running', actor: 'anna' });
  await new Approvals(api.dataSource).ask('r', { ...question, ...(kind && { kind }) });
  const [{ id }] = await api.dataSource.query(`SELECT id FROM approvals WHERE run_id = 'r'`);
  return id as string;
}
const answer = (id: string, text: string) =>
  api.graphql(`mutation { answerRequest(id: "${id}", text: "${text}") { ${FIELDS} } }`);
const codeOf = ({ errors }: any) => errors?.[0].extensions.code;

test('requests for help are listed with the approvals, each with its kind', async () => {
  await askInRun();
  await askHelp();
  const { data } = await api.graphql(`{ approvals { nodes { ${FIELDS} shows } } }`);
  expect(data.approvals.nodes).toMatchObject([
    {
      kind: 'ESCALATE',
      executionId: null,
      askedBy: 'anna',
      expiresAt: null,
      shows: { options: ['left'] },
    },
    { kind: 'APPROVAL', executionId: 'r', askedBy: null },
  ]);
  const { data: some } = await api.graphql('{ approvals(kind: ESCALATE) { nodes { kind } } }');
  expect(some.approvals.nodes).toEqual([{ kind: 'ESCALATE' }]);
});

test('a request is answered once, and recorded', async () => {
  const { id } = await askHelp();
  const { data } = await answer(id, 'left');
  expect(data.answerRequest).toMatchObject({
    status: 'answered',
    answer: 'left',
    decidedBy: 'operator',
  });
  expect(codeOf(await answer(id, 'right'))).toBe('conflict');
  const trail = await api.dataSource.query('SELECT actor, action, target, data FROM audit_events');
  expect(trail).toEqual([
    {
      actor: 'operator',
      action: 'request.answered',
      target: `approval:${id}`,
      data: { kind: 'escalate', execution: null, text: 'left' },
    },
  ]);
  expect(await api.dataSource.query('SELECT * FROM run_messages')).toEqual([]);
});

test('the answer is sent to a run that waits for it', async () => {
  const id = await askInRun('stuck');
  await answer(id, 'stop there');
  expect(await api.dataSource.query('SELECT * FROM run_messages')).toMatchObject([
    {
      run_id: 'r',
      kind: 'decision',
      name: 'ask#',
      payload: { status: 'answered', comment: 'stop there', by: 'operator' },
    },
  ]);
});

test('an approval is not answered, and a request not approved; each refusal says what to do', async () => {
  const approval = await askInRun();
  const refused = await answer(approval, 'yes');
  expect(codeOf(refused)).toBe('input_invalid');
  expect(refused.errors![0].message).toContain('mission approvals approve|deny');
  const { id } = await askHelp();
  const vote = await api.graphql(
    `mutation { resolveApproval(id: "${id}", decision: APPROVED) { id } }`,
  );
  expect(codeOf(vote)).toBe('input_invalid');
  expect(vote.errors![0].message).toContain('mission approvals answer');
  expect(codeOf(await answer(id, '  '))).toBe('input_invalid');
  expect(codeOf(await answer('nothing', 'x'))).toBe('not_found');
});

test('who may not decide approvals may not answer either', async () => {
  const { id } = await askHelp();
  const key = createKey();
  await api.dataSource.query(
    `INSERT INTO api_keys (hash, name, actor, role) VALUES ($1, 'v', 'vic', 'viewer')`,
    [hashKey(key)],
  );
  const query = `mutation { answerRequest(id: "${id}", text: "x") { id } }`;
  const { body } = await api.request('/graphql', {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  expect(codeOf(body)).toBe('permission_denied');
  const [row] = await api.dataSource.query('SELECT status FROM approvals WHERE id = $1', [id]);
  expect(row).toEqual({ status: 'pending' });
});
