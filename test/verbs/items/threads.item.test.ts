import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insertMessage, insertThread } from '../../threads/support.js';
import { CALLER, kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
let thread: string;
beforeAll(async () => {
  at = await kernelProject();
  thread = await insertThread(at.dataSource);
  await insertMessage(at.dataSource, thread, { status: 'done' });
}, 120_000);
afterAll(() => at?.close());

const act = (action: string, parameters = {}) =>
  ({ item_type: 'thread', action, item_id: thread, parameters }) as never;

test('a conversation is found and read by who takes part in it', async () => {
  expect((await at.call('search', { item_type: 'thread' })).results[0]).toMatchObject({
    id: thread,
  });
  expect(await at.call('execute', act('read'))).toMatchObject({
    messages: [{ role: 'user', content: 'Hello.' }],
  });
  const other = { ...CALLER, principal: { ...CALLER.principal, actor: 'ben' } };
  expect((await at.call('search', { item_type: 'thread' }, other)).total).toBe(0);
  for (const action of ['read', 'pause', 'cancel'])
    expect((await at.refusal('execute', act(action), other))[0]).toBe('not_found');
});

test('it is paused, resumed and cancelled', async () => {
  expect(await at.call('execute', act('pause'))).toMatchObject({ status: 'paused' });
  expect(await at.call('execute', act('resume'))).toMatchObject({ status: 'running' });
  expect(await at.call('execute', act('cancel', { close: true }))).toMatchObject({ cancelled: 0 });
  expect((await at.refusal('execute', act('message', { message: 'x' })))[0]).toBe('conflict');
  expect((await at.refusal('execute', act('message')))[1]).toBe('"message" is missing.');
});
