import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { finishRun } from '../../../src/runs/ending/finish.js';
import { CALLER, kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
beforeAll(async () => void (at = await kernelProject()), 120_000);
afterAll(() => at?.close());

const run = (parameters: object, more = {}) =>
  at.call('execute', {
    item_type: 'directive',
    action: 'run',
    item_id: 'greet',
    parameters,
    ...more,
  } as never);

test('a search tells what a directive needs', async () => {
  const { results } = await at.call('search', {
    item_type: 'directive',
    query: 'say hello',
    source: 'project',
  });
  expect(results[0]).toEqual({
    id: 'greet',
    type: 'directive',
    score: expect.any(Number),
    preview: 'Says hello to somebody',
    source: 'project',
    metadata: {
      description: 'Says hello to somebody',
      version: '1.0.0',
      kind: 'steps',
      destructive: false,
      inputs: {
        who: { type: 'string', description: 'The person', required: true },
        loud: { type: 'boolean', default: false, required: false },
      },
    },
  });
  expect((await at.refusal('search', { item_type: 'directive', source: 'moon' }))[1]).toContain(
    'there are all, project',
  );
});

test('a directive is loaded with its text; one that is not there, with what is near', async () => {
  expect(await at.call('load', { item_type: 'directive', item_id: 'greet' })).toMatchObject({
    item_id: 'greet',
    source: 'project',
    content: expect.stringContaining('name: greet'),
    diagnostics: [],
  });
  expect(await at.refusal('load', { item_type: 'directive', item_id: 'great' })).toEqual([
    'not_found',
    expect.stringContaining('greet'),
  ]);
});

test('missing inputs are an answer that says how to go on', async () => {
  expect(await run({ loud: true })).toEqual({
    error: 'Missing required inputs: who',
    missing_inputs: ['who'],
    all_inputs: [
      { name: 'who', type: 'string', required: true, description: 'The person' },
      { name: 'loud', type: 'boolean', required: false, description: '', default: false },
    ],
    provided_inputs: { loud: true },
    solution: expect.stringContaining('"who":"…"'),
  });
});

test('a run is waited for, and inputs may stand beside other parameters', async () => {
  const running = await run({ inputs: { who: 'Eve' }, wait_seconds: 1 });
  expect(running).toMatchObject({
    status: 'running',
    next: { verb: 'load', item_type: 'execution' },
  });
  const pending = run({ who: 'Eve', wait_seconds: 10 });
  const find = async (): Promise<string> => {
    const [row] = await at.dataSource.query(`SELECT id FROM directive_executions WHERE id <> $1`, [
      running.execution_id,
    ]);
    return row?.id ?? find();
  };
  await finishRun(at.dataSource, await find(), { status: 'success', result: 'hello Eve' });
  expect(await pending).toMatchObject({
    item_id: 'greet',
    status: 'success',
    result: 'hello Eve',
    error: null,
  });
});

test('a repeated call of a run starts nothing twice', async () => {
  const caller = { ...CALLER, run: { id: 'r', permissions: null, key: 'r:step:0' } };
  const args = {
    item_type: 'directive',
    action: 'run',
    item_id: 'greet',
    parameters: { inputs: { who: 'Bo' }, wait_seconds: 1 },
  };
  const [one, other] = await Promise.all([1, 2].map(() => at.call('execute', args, caller)));
  expect(one.execution_id).toBe(other.execution_id);
});

test('a run may only start the directives that its permissions name', async () => {
  const run = { id: 'r', permissions: ['execute:kernel', 'execute:directives:other'], key: 'x' };
  const args = {
    item_type: 'directive',
    action: 'run',
    item_id: 'greet',
    parameters: { who: 'x' },
  };
  expect(await at.refusal('execute', args, { ...CALLER, run })).toEqual([
    'permission_denied',
    expect.stringContaining('Running greet needs "execute:directives:greet"'),
  ]);
});

test('a dry run starts nothing', async () => {
  const before = await at.dataSource.query('SELECT count(*) FROM directive_executions');
  expect(await run({ who: 'x', dry_run: true })).toMatchObject({
    dry_run: true,
    valid: true,
    plan: { steps: [{ kind: 'return' }] },
  });
  expect(await at.dataSource.query('SELECT count(*) FROM directive_executions')).toEqual(before);
});
