import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunWatch } from '../../../../src/api/mcp/runs/run-watch.js';
import { ApprovalReader } from '../../../../src/observation/readers/approval.reader.js';
import { PolledEnds } from '../../../../src/verbs/call/run-ends.js';
import { CALLER, kernelProject, type KernelProject } from '../../../verbs/kernel-project.js';
import { askApproval, endRun } from '../runs-by-hand.js';

let at: KernelProject;
let watch: RunWatch;
beforeAll(async () => {
  at = await kernelProject();
  watch = new RunWatch(at.kernel, new PolledEnds(at.dataSource), new ApprovalReader(at.dataSource));
}, 120_000);
afterAll(() => at?.close());

const { principal } = CALLER;
const never = new AbortController().signal;
async function start(): Promise<string> {
  const parameters = { inputs: { who: 'Ann' }, wait_seconds: 0 };
  const args = { item_type: 'directive', action: 'run', item_id: 'greet', parameters };
  return (await at.call('execute', args)).execution_id;
}

test('a run that goes on says how to wait for it, one that has ended does not', async () => {
  const id = await start();
  const before = await watch.view(id, principal);
  expect(before).toMatchObject({
    id,
    status: 'pending',
    actor: 'anna',
    answer: { status: 'running', next: { wait_seconds: 20 } },
  });
  await endRun(at, id, 'success', { result: 'hello' });
  const after = await watch.view(id, principal);
  expect(after.answer).toMatchObject({ status: 'success', result: 'hello' });
  expect(after.answer).not.toHaveProperty('next');
});

test('a wait ends with the run, with a question for the caller, with its time, and when the caller goes', async () => {
  const id = await start();
  const long = Date.now() + 30_000;
  expect((await watch.waitForQuestion(id, principal, Date.now(), never)).run.status).toBe(
    'pending',
  );
  expect((await watch.waitForQuestion(id, principal, long, AbortSignal.abort())).own).toEqual([]);
  const foreign = await askApproval(at, id, { self_approval: false });
  const waiting = watch.waitForQuestion(id, principal, long, never);
  const own = await askApproval(at, id, { path: '1' });
  const asked = await waiting;
  expect(asked.own.map((row) => row.id)).toEqual([own]);
  expect(asked.all.map((row) => row.id).sort()).toEqual([foreign, own].sort());
  await endRun(at, id, 'cancelled');
  const ended = await watch.waitForQuestion(id, principal, long, never);
  expect([ended.run.status, ended.all]).toEqual(['cancelled', []]);
});
