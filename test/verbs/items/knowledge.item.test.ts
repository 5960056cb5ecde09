import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
beforeAll(async () => {
  at = await kernelProject();
  at.write(
    '.ai/knowledge/ops/scaling.md',
    '---\nid: scaling\ntitle: How to scale\ncategory: operations\n---\nAdd replicas.\n',
  );
  at.write('.ai/knowledge/plain.md', '# A plain note\n\nNothing in front.\n');
  at.write('.ai/knowledge/broken.md', '---\n: [\n---\nStill readable.\n');
}, 120_000);
afterAll(() => at?.close());

test('notes are found by title and text, and loaded by id', async () => {
  const { results, total } = await at.call('search', { item_type: 'knowledge', query: 'replicas' });
  expect([total, results[0]]).toMatchObject([
    1,
    {
      id: 'scaling',
      source: 'project',
      metadata: { title: 'How to scale', category: 'operations' },
    },
  ]);
  expect(await at.call('load', { item_type: 'knowledge', item_id: 'plain' })).toMatchObject({
    metadata: { title: 'A plain note' },
    content: expect.stringContaining('Nothing in front'),
  });
  expect((await at.call('load', { item_type: 'knowledge', item_id: 'broken' })).content).toBe(
    'Still readable.\n',
  );
});

test('what is not there is not found, also by a path', async () => {
  for (const item_id of ['nothing', '../../secret', '/etc/passwd'])
    expect((await at.refusal('load', { item_type: 'knowledge', item_id }))[0]).toBe('not_found');
  expect(
    (await at.refusal('execute', { item_type: 'knowledge', action: 'run', item_id: 'x' }))[1],
  ).toContain('there are create, update, delete');
});
