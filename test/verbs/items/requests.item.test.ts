import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApprovalService } from '../../../src/kernel/approval-service.js';
import type { VerbCaller } from '../../../src/verbs/call/verb-caller.js';
import { CALLER, kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
let id: string;
const callerOf = (actor: string, role: string): VerbCaller => ({
  principal: { keyId: actor, actor, role },
});
const NOBODY = {
  ...callerOf('eve', 'none'),
  principal: { keyId: 'e', actor: 'eve', role: 'none', rights: [] },
};

beforeAll(async () => {
  at = await kernelProject();
  const asked = {
    action: 'escalate',
    reason: 'Which door?',
    options: ['left', 'right'],
    wait_seconds: 0,
  };
  ({ request_id: id } = await at.call('help', asked));
}, 120_000);
afterAll(() => at?.close());

const load = (caller = CALLER, item_id = id) =>
  at.call('load', { item_type: 'request', item_id }, caller);
const found = async (caller = CALLER, query = '') =>
  (await at.call('search', { item_type: 'request', query }, caller)).results;

test('whoever asked finds and reads the request, and the answer once there is one', async () => {
  expect(await load()).toMatchObject({
    item_id: id,
    reason: 'Which door?',
    about: { options: ['left', 'right'] },
    action: 'escalate',
    status: 'open',
    answer: null,
  });
  expect(await found(CALLER, 'DOOR')).toMatchObject([{ id, metadata: { status: 'open' } }]);
  expect(await found(CALLER, 'window')).toEqual([]);
  await new ApprovalService(at.dataSource, { holders: async () => [] }).answer({
    id,
    text: 'left',
    actor: 'bob',
  });
  expect(await load(CALLER, id.slice(0, 8))).toMatchObject({
    status: 'answered',
    answer: 'left',
    answered_by: 'bob',
  });
});

test('others read it only with the right to read approvals; to the rest it does not exist', async () => {
  expect(await load(callerOf('vic', 'viewer'))).toMatchObject({ item_id: id });
  await expect(load(NOBODY)).rejects.toMatchObject({ code: 'not_found' });
  expect(await found(NOBODY)).toEqual([]);
  const run = { id: 'r', permissions: null, key: 'r:s:' };
  await expect(load({ ...callerOf('vic', 'viewer'), run })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('no verb answers a request, and an approval is none', async () => {
  const [code, message] = await at.refusal('execute', {
    item_type: 'request',
    action: 'answer',
    item_id: id,
  });
  expect(code).toBe('input_invalid');
  expect(message).toContain('answered by a person');
  await at.dataSource.query(
    `INSERT INTO approvals (id, run_id, path, iteration, step, description, who, quorum, self_approval, form)
     VALUES ('11111111-0000-4000-8000-000000000000', 'r9', 'p', '', 's', 'd', '[]', 1, false, '{}')`,
  );
  await expect(load(CALLER, '11111111')).rejects.toMatchObject({ code: 'not_found' });
  await expect(load(CALLER, '%')).rejects.toMatchObject({ code: 'not_found' });
});
