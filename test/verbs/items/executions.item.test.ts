import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { insertRun, insertStep } from '../../observation/rows.js';
import { kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
beforeAll(async () => {
  at = await kernelProject();
  const error = JSON.stringify({ code: 'timeout', message: 'too slow', step: 'wait' });
  await insertRun(at.dataSource, 'aaaa-1', {
    directive_name: 'nightly',
    status: 'error',
    error,
    error_message: 'too slow',
  });
  await insertRun(at.dataSource, 'aabb-2', { directive_name: 'deploy', status: 'success' });
  await insertRun(at.dataSource, 'bbbb-3', {
    directive_name: 'deploy',
    status: 'running',
    created_at: new Date(Date.now() - 3 * 3_600_000),
  });
  await insertRun(at.dataSource, 'cccc-4', {
    directive_name: 'intent_handler',
    message_id: 'm',
    thread_id: 't',
  });
}, 120_000);
afterAll(() => at?.close());

const found = async (args: object) =>
  (await at.call('search', { item_type: 'execution', ...args } as never)).results
    .map(({ id }: { id: string }) => id)
    .sort();

test('runs are found by state, time, directive and words; answers in conversations are none', async () => {
  expect(await found({})).toEqual(['aaaa-1', 'aabb-2', 'bbbb-3']);
  expect(await found({ status: 'error' })).toEqual(['aaaa-1']);
  expect(await found({ status: 'running' })).toEqual(['bbbb-3']);
  expect(await found({ since: '1h' })).toEqual(['aaaa-1', 'aabb-2']);
  expect(await found({ directive: 'deploy' })).toEqual(['aabb-2', 'bbbb-3']);
  expect(await found({ query: 'too slow' })).toEqual(['aaaa-1']);
  expect(await found({ query: "deploy%_'" })).toEqual(['aabb-2', 'bbbb-3']);
});

test('bad filters are refused', async () => {
  expect((await at.refusal('search', { item_type: 'execution', status: 'broken' }))[1]).toContain(
    'there are pending',
  );
  expect((await at.refusal('search', { item_type: 'execution', since: 'monday' }))[1]).toContain(
    '24h, 30m, 7d',
  );
});

test('a run is loaded by the beginning of its id, with what failed', async () => {
  await insertStep(at.dataSource, 'aaaa-1', 'wait', { status: 'error' });
  expect(await at.call('load', { item_type: 'execution', item_id: 'aaaa' })).toMatchObject({
    item_id: 'aaaa-1',
    metadata: { directive: 'nightly', status: 'error' },
    error: { code: 'timeout', message: 'too slow', step: 'wait' },
    steps: [{ path: 'wait', status: 'error' }],
  });
  expect((await at.refusal('load', { item_type: 'execution', item_id: 'aa' }))[0]).toBe(
    'not_found',
  );
});

test('a run is cancelled once; an unknown one is not found', async () => {
  expect(
    await at.call('execute', { item_type: 'execution', action: 'cancel', item_id: 'bbbb-3' }),
  ).toMatchObject({ status: 'cancelling' });
  expect(
    (
      await at.refusal('execute', { item_type: 'execution', action: 'cancel', item_id: 'aabb-2' })
    )[0],
  ).toBe('conflict');
  expect(
    (await at.refusal('execute', { item_type: 'execution', action: 'cancel', item_id: 'zzzz' }))[0],
  ).toBe('not_found');
  expect(
    (await at.refusal('execute', { item_type: 'execution', action: 'stop', item_id: 'aabb-2' }))[1],
  ).toContain('there are cancel, rerun');
});
