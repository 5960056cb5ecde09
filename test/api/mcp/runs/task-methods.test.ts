import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../support.js';
import { ask } from '../clients.js';
import { askApproval, endRun, newestRun, writeGreet } from '../runs-by-hand.js';

let api: TestApi;
withApi((given) => void (api = given));
beforeAll(() => writeGreet(api));
beforeEach(() =>
  api.dataSource.query('TRUNCATE directive_executions, approvals, outbox, run_messages'),
);

const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const BOTH = { ...TASKS, elicitation: { form: {} } };
const parameters = { inputs: { who: 'Ann' } };
const RUN = {
  name: 'execute',
  arguments: { item_type: 'directive', action: 'run', item_id: 'greet', parameters },
};
const begin = async (capabilities: any = TASKS) =>
  (await ask(api, 'tools/call', RUN, capabilities)).result;
const get = (taskId: string, capabilities: any = TASKS) =>
  ask(api, 'tasks/get', { taskId }, capabilities);

test('a run that goes on is a task, with the id of the run', async () => {
  const task = await begin();
  expect(task).toMatchObject({
    resultType: 'task',
    status: 'working',
    ttlMs: null,
    pollIntervalMs: 1000,
  });
  expect(task.taskId).toBe(await newestRun(api));
  expect(task).not.toHaveProperty('requestState');
  expect((await get(task.taskId)).result).toMatchObject({
    taskId: task.taskId,
    status: 'working',
    resultType: 'complete',
  });
  await endRun(api, task.taskId, 'success', { result: 'hello Ann' });
  const { result } = await get(task.taskId);
  expect(result).toMatchObject({
    status: 'completed',
    result: {
      structuredContent: { execution_id: task.taskId, status: 'success', result: 'hello Ann' },
    },
  });
});

test('a run that failed is a completed task with an error inside', async () => {
  const { taskId } = await begin();
  await endRun(api, taskId, 'error', { error: { code: 'boom', message: 'it broke' } });
  const { result } = await get(taskId);
  expect(result).toMatchObject({ status: 'completed', result: { isError: true } });
  expect(result.result.content[0].text).toContain('it broke');
});

test('a task is cancelled, also twice and after its end', async () => {
  const { taskId } = await begin();
  const cancel = () => ask(api, 'tasks/cancel', { taskId }, TASKS);
  expect((await cancel()).result).toMatchObject({ resultType: 'complete' });
  expect((await cancel()).result).toMatchObject({ resultType: 'complete' });
  await endRun(api, taskId, 'cancelled');
  expect((await cancel()).result).toMatchObject({ resultType: 'complete' });
  expect((await get(taskId)).result.status).toBe('cancelled');
});

test('a task that waits for an approval asks for it, and takes the answer once', async () => {
  const { taskId } = await begin(BOTH);
  const first = await askApproval(api, taskId);
  const second = await askApproval(api, taskId, { path: '1' });
  const { result } = await get(taskId, BOTH);
  expect(result.status).toBe('input_required');
  expect(Object.keys(result.inputRequests).sort()).toEqual([first, second].sort());
  const inputResponses = {
    [first]: { action: 'accept', content: { decision: 'deny' } },
    other: { action: 'accept' },
  };
  expect((await ask(api, 'tasks/update', { taskId, inputResponses }, BOTH)).result).toMatchObject({
    resultType: 'complete',
  });
  const [row] = await api.dataSource.query(
    'SELECT status, decided_by FROM approvals WHERE id = $1',
    [first],
  );
  expect(row).toEqual({ status: 'denied', decided_by: 'operator' });
  expect(Object.keys((await get(taskId, BOTH)).result.inputRequests)).toEqual([second]);
  expect((await get(taskId)).result).toMatchObject({
    status: 'working',
    statusMessage: 'Waits for the approval of release.',
  });
});

test('an answer to what an approval asked before is none', async () => {
  const { taskId } = await begin(BOTH);
  const id = await askApproval(api, taskId, { hash: 'a1'.repeat(32) });
  const [key] = Object.keys((await get(taskId, BOTH)).result.inputRequests);
  await api.dataSource.query('UPDATE approvals SET hash = $2 WHERE id = $1', [id, 'b2']);
  const inputResponses = { [key!]: { action: 'accept', content: { decision: 'approve' } } };
  await ask(api, 'tasks/update', { taskId, inputResponses }, BOTH);
  const [row] = await api.dataSource.query('SELECT status FROM approvals WHERE id = $1', [id]);
  expect(row.status).toBe('pending');
  expect(Object.keys((await get(taskId, BOTH)).result.inputRequests)).toEqual([`${id}.b2`]);
});

test('an answer to an approval of another run is ignored', async () => {
  const { taskId: one } = await begin(BOTH);
  const { taskId: other } = await begin(BOTH);
  const id = await askApproval(api, other);
  const inputResponses = { [id]: { action: 'accept', content: { decision: 'approve' } } };
  await ask(api, 'tasks/update', { taskId: one, inputResponses }, BOTH);
  const [{ status }] = await api.dataSource.query('SELECT status FROM approvals WHERE id = $1', [
    id,
  ]);
  expect(status).toBe('pending');
});

test.each(['tasks/get', 'tasks/update', 'tasks/cancel'])(
  '%s needs the extension, and a task that there is',
  async (method) => {
    const { error } = await ask(api, method, { taskId: 'x', inputResponses: {} });
    expect(error).toMatchObject({ code: -32021, data: { requiredCapabilities: TASKS } });
    for (const taskId of ['x', '00000000-0000-4000-8000-000000000000'])
      expect((await ask(api, method, { taskId, inputResponses: {} }, TASKS)).error.code).toBe(
        -32602,
      );
  },
);

test.each(['tasks/result', 'tasks/list'])('%s of the older tasks is no method', async (method) => {
  expect((await ask(api, method, {}, TASKS)).error.code).toBe(-32601);
});
