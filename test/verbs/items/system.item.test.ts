import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
beforeAll(async () => void (at = await kernelProject()), 120_000);
afterAll(() => at?.close());

const run = (item_id: string) =>
  at.call('execute', { item_type: 'system', action: 'run', item_id });

test('the facts have the fields of the format', async () => {
  const fields = async (id: string) => Object.keys((await run(id)).data);
  expect(await fields('runtime')).toEqual([
    'platform',
    'os_name',
    'os_release',
    'arch',
    'runtime',
    'runtime_version',
  ]);
  expect(await fields('paths')).toEqual([
    'userspace_dir',
    'userspace_exists',
    'home_dir',
    'cwd',
    'temp_dir',
    'project_path',
  ]);
  expect(await fields('shell')).toEqual([
    'shell',
    'shell_name',
    'supports_bash',
    'supports_powershell',
    'path_separator',
  ]);
  expect(await fields('mcp')).toEqual(['version', 'server_name', 'item_types', 'actions']);
  expect((await run('paths')).data.project_path).toBe(at.project);
});

test('nothing else can be asked', async () => {
  for (const item_id of ['env', 'network', 'constructor', '__proto__'])
    expect((await at.refusal('execute', { item_type: 'system', action: 'run', item_id }))[0]).toBe(
      'not_found',
    );
  expect(
    (await at.refusal('execute', { item_type: 'system', action: 'update', item_id: 'paths' }))[0],
  ).toBe('input_invalid');
});
