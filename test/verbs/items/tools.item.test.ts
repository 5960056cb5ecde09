import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
beforeAll(async () => {
  at = await kernelProject();
  at.write('.ai/scripts/totals.js', 'export default async () => ({ total: 1 });\n');
  at.write(
    '.ai/scripts/totals.yaml',
    'description: Adds up numbers\ninputs: { numbers: { type: array } }\n',
  );
}, 120_000);
afterAll(() => at?.close());

test('scripts of the project and shipped ones are found; the verbs themselves are not', async () => {
  const { results } = await at.call('search', { item_type: 'tool', limit: 100 });
  const ids = results.map(({ id }: { id: string }) => id);
  expect(ids).toEqual(expect.arrayContaining(['totals', 'log_failure']));
  expect(ids.filter((id: string) => id.startsWith('kernel_'))).toEqual([]);
  const own = await at.call('search', {
    item_type: 'tool',
    query: 'add numbers',
    source: 'project',
  });
  expect(own.results[0]).toMatchObject({
    id: 'totals',
    metadata: { language: 'js', inputs: { numbers: { required: true } } },
  });
});

test('a script is loaded with its text', async () => {
  expect(await at.call('load', { item_type: 'tool', item_id: 'totals' })).toMatchObject({
    content: expect.stringContaining('export default'),
  });
  expect((await at.refusal('load', { item_type: 'tool', item_id: '../totals' }))[0]).toBe(
    'not_found',
  );
});

test('a script is run as a run of its own', async () => {
  const args = {
    item_type: 'tool',
    action: 'run',
    item_id: 'totals',
    parameters: { numbers: [1, 2], wait_seconds: 1 },
  };
  const { execution_id } = await at.call('execute', args);
  const [run] = await at.dataSource.query(
    'SELECT directive_name, inputs FROM directive_executions WHERE id = $1',
    [execution_id],
  );
  expect(run).toEqual({ directive_name: 'tool_totals', inputs: { inputs: { numbers: [1, 2] } } });
});
