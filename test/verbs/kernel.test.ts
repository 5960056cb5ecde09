import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CALLER, kernelProject, type KernelProject } from './kernel-project.js';

let at: KernelProject;
beforeAll(async () => void (at = await kernelProject()), 120_000);
afterAll(() => at?.close());

test('an unknown type of item is refused with those that there are', async () => {
  expect(await at.refusal('search', { item_type: 'directiv' })).toEqual([
    'input_invalid',
    'item_type is "directiv": did you mean "directive"?.',
  ]);
  expect(await at.refusal('search', {})).toEqual(['input_invalid', '"item_type" is missing.']);
  expect(await at.refusal('load', { item_type: 5 })).toEqual([
    'input_invalid',
    '"item_type" must be a text.',
  ]);
});

test('a script is a tool, and plurals are understood', async () => {
  expect(await at.call('search', { item_type: 'script' })).toMatchObject({
    results: expect.anything(),
  });
  expect((await at.call('search', { item_type: 'directives', query: 'hello' })).results[0].id).toBe(
    'greet',
  );
});

test('a run uses a verb only with its permission', async () => {
  const run = { id: 'r', permissions: ['execute:kernel:search'], key: 'k' };
  const caller = { ...CALLER, run };
  expect((await at.call('search', { item_type: 'system' }, caller)).total).toBe(4);
  expect(await at.refusal('load', { item_type: 'system', item_id: 'paths' }, caller)).toEqual([
    'permission_denied',
    expect.stringContaining('The verb load needs "execute:kernel:load"'),
  ]);
});
