import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

test('a request to a person is kept, once for each call of a run', async () => {
  const caller = { ...CALLER, run: { id: 'r1', permissions: null, key: 'r1:s:0', threadId: 't1' } };
  const ask = { action: 'stuck', reason: 'I go round in circles', attempts: 3 };
  const first = await at.call('help', ask, caller);
  expect(first).toMatchObject({ action: 'stuck', status: 'open' });
  expect(await at.call('help', ask, caller)).toEqual(first);
  const [alert] = await at.dataSource.query('SELECT * FROM alerts WHERE id = $1', [
    first.request_id,
  ]);
  expect(alert).toMatchObject({ kind: 'help_stuck', subject: 'thread:t1', run_id: 'r1' });
});

test('a request needs a reason, and a known action', async () => {
  expect(await at.refusal('help', { action: 'stuck' })).toEqual([
    'input_invalid',
    '"reason" is missing: say what the matter is.',
  ]);
  expect((await at.refusal('help', { action: 'panic' }))[1]).toContain('there are guidance, stuck');
});
