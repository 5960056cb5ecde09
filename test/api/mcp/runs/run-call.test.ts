import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createKey, hashKey } from '../../../../src/access/api-key.js';
import { type TestApi, withApi } from '../../support.js';
import { modern } from '../clients.js';
import { askApproval, endRun, writeGreet } from '../runs-by-hand.js';

let api: TestApi;
withApi((given) => void (api = given));
beforeAll(() => writeGreet(api));
beforeEach(() => api.dataSource.query('TRUNCATE directive_executions, approvals, outbox'));

const FORMS = { elicitation: { form: {} } };
const RUN = { item_type: 'directive', action: 'run', item_id: 'greet' };

async function execute(args: any, more: any = {}, key = api.key): Promise<any> {
  const { body, headers } = modern(
    'tools/call',
    { name: 'execute', arguments: args, ...more },
    FORMS,
  );
  return (
    await api.post('/mcp', body, {
      headers: { ...headers, authorization: `Bearer ${key}` },
      key,
    } as any)
  ).body;
}
const runs = () =>
  api.dataSource.query('SELECT id, status, inputs, actor FROM directive_executions');
const accept = (content: any) => ({ action: 'accept', content });

/** A run that waits for an approval, and the question that the client got. */
async function asked(more: any = {}) {
  const args = { ...RUN, parameters: { inputs: { who: 'Ann' } } };
  const calling = execute(args);
  let run: any;
  while (!run) [run] = await runs();
  const id = await askApproval(api, run.id, more);
  const { result } = await calling;
  return { args, run: run.id, id, result };
}

test('missing inputs are asked for, and the answer starts one run, however often it comes', async () => {
  const { result } = await execute(RUN);
  expect(result).toMatchObject({
    resultType: 'input_required',
    inputRequests: {
      inputs: { method: 'elicitation/create', params: { requestedSchema: { required: ['who'] } } },
    },
  });
  expect(await runs()).toEqual([]);
  const answer = {
    requestState: result.requestState,
    inputResponses: { inputs: accept({ who: 'Ann' }) },
  };
  const both = Promise.all([execute(RUN, answer), execute(RUN, answer)]);
  let started: any[] = [];
  while (started.length === 0) started = await runs();
  await endRun(api, started[0].id, 'success', { result: 'hello Ann' });
  const answers = await both;
  expect(answers.map((each) => each.result.structuredContent.result)).toEqual([
    'hello Ann',
    'hello Ann',
  ]);
  expect(await runs()).toMatchObject([{ inputs: { who: 'Ann' }, actor: 'operator' }]);
});

test('a form that is closed starts nothing', async () => {
  const { result } = await execute(RUN);
  const answer = {
    requestState: result.requestState,
    inputResponses: { inputs: { action: 'decline' } },
  };
  expect((await execute(RUN, answer)).result.structuredContent.status).toBe('declined');
  expect(await runs()).toEqual([]);
});

const STATE_REFUSED = { code: -32602, message: 'Invalid or expired requestState' };

test('a forged state, one of another call and one of another user are refused', async () => {
  const { result } = await execute(RUN);
  const inputResponses = { inputs: accept({ who: 'Eve' }) };
  const { requestState } = result;
  const [version, body, mac] = requestState.split('.');
  const forged = JSON.parse(Buffer.from(body, 'base64url').toString());
  forged.p.approval = { id: '00000000-0000-4000-8000-000000000000', run: 'x' };
  const text = Buffer.from(JSON.stringify(forged)).toString('base64url');
  const states = [`${version}.${text}.${mac}`, `${requestState}x`, 'v1.e30.e30', ''];
  for (const state of states)
    expect((await execute(RUN, { requestState: state, inputResponses })).error).toMatchObject(
      STATE_REFUSED,
    );
  const other = { ...RUN, item_id: 'another' };
  expect((await execute(other, { requestState, inputResponses })).error).toMatchObject(
    STATE_REFUSED,
  );
  const key = createKey();
  await api.dataSource.query(
    `INSERT INTO api_keys (hash, name, actor, role) VALUES ($1, 'eve', 'eve', 'operator')`,
    [hashKey(key)],
  );
  expect((await execute(RUN, { requestState, inputResponses }, key)).error).toMatchObject(
    STATE_REFUSED,
  );
  expect(await runs()).toEqual([]);
});

test('an approval is asked for, decided once, and the run is waited for', async () => {
  const { args, run, id, result } = await asked({
    form: { note: { type: 'string', required: true } },
  });
  const { params } = result.inputRequests[id];
  expect(params.message).toBe('release: Release it?');
  expect(Object.keys(params.requestedSchema.properties)).toEqual(['note', 'decision', 'comment']);
  const answer = {
    requestState: result.requestState,
    inputResponses: { [id]: accept({ decision: 'approve', note: 'go', comment: 'fine' }) },
  };
  const deciding = execute(args, answer);
  let votes: any[] = [];
  while (votes.length === 0)
    [{ votes }] = await api.dataSource.query('SELECT votes FROM approvals WHERE id = $1', [id]);
  await endRun(api, run, 'success', { result: 'released' });
  expect((await deciding).result.structuredContent).toMatchObject({
    status: 'success',
    result: 'released',
  });
  expect(votes).toMatchObject([
    { actor: 'operator', decision: 'approved', comment: 'fine', form: { note: 'go' } },
  ]);
  const again = await execute(args, answer);
  expect(again.result.content[0].text).toMatch(/^conflict: The approval is closed/);
});

test('the question shows what it lets run, and an answer to it decides nothing else', async () => {
  const shows = [{ step: 'pay', script: 'pay', inputs: { to: 'ann' } }];
  const { args, id, result } = await asked({ shows, hash: 'a1'.repeat(32) });
  const [[key, { params }]] = Object.entries<any>(result.inputRequests) as [[string, any]];
  expect(key).toBe(`${id}.a1a1a1a1a1a1a1a1`);
  expect(params.message).toContain('- {"step":"pay","script":"pay","inputs":{"to":"ann"}}');
  await api.dataSource.query('UPDATE approvals SET hash = $2 WHERE id = $1', [id, 'b2']);
  const inputResponses = { [key]: accept({ decision: 'approve' }) };
  const refused = await execute(args, { requestState: result.requestState, inputResponses });
  expect(refused.result.content[0].text).toMatch(/^conflict: What "release" asks has changed/);
});

test('the decision is checked again when it comes', async () => {
  const { args, id, result } = await asked();
  await api.dataSource.query('UPDATE approvals SET self_approval = false WHERE id = $1', [id]);
  const inputResponses = { [id]: accept({ decision: 'approve' }) };
  const refused = await execute(args, { requestState: result.requestState, inputResponses });
  expect(refused.result.content[0].text).toMatch(/^permission_denied: operator started the run/);
});

test('whoever may not approve is told who can, and is not asked', async () => {
  const args = { ...RUN, parameters: { inputs: { who: 'Ann' }, wait_seconds: 2 } };
  const calling = execute(args);
  let run: any;
  while (!run) [run] = await runs();
  const id = await askApproval(api, run.id, { self_approval: false });
  const { result } = await calling;
  expect(result.structuredContent).toMatchObject({
    status: 'running',
    waiting_for: [{ approval_id: id, step: 'release' }],
    next: { verb: 'load', item_id: run.id },
  });
});
