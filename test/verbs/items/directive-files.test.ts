import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CALLER, kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
beforeAll(async () => void (at = await kernelProject()), 120_000);
afterAll(() => at?.close());

const text = (name: string, version = '1.0.0') =>
  `name: ${name}\nversion: ${version}\ndescription: d\npermissions: []\nsteps: [{ return: 1 }]\n`;
const write = (action: string, item_id: string, parameters = {}) =>
  ({ item_type: 'directive', action, item_id, parameters }) as never;
const file = (name: string) => join(at.project, '.ai/directives', `${name}.yaml`);

test('a directive is created, changed and deleted, each on the record', async () => {
  expect(
    await at.call('execute', write('create', 'made', { content: text('made') })),
  ).toMatchObject({ saved: true, file: file('made'), version: '1.0.0' });
  await at.call('execute', write('update', 'made', { content: text('made', '1.1.0') }));
  expect(readFileSync(file('made'), 'utf8')).toContain('1.1.0');
  expect(await at.refusal('execute', write('delete', 'made'))).toEqual([
    'input_invalid',
    expect.stringContaining('"confirm": true'),
  ]);
  await at.call('execute', write('delete', 'made', { confirm: true }));
  expect(existsSync(file('made'))).toBe(false);
  const audit = await at.dataSource.query(
    `SELECT actor, action FROM audit_events WHERE target = 'directive:made' ORDER BY id`,
  );
  expect(audit).toEqual(
    ['create', 'update', 'delete'].map((action) => ({
      actor: 'anna',
      action: `directive.${action}`,
    })),
  );
  expect(
    readdirSync(join(at.project, '.ai/directives')).filter((name) => name.startsWith('.')),
  ).toEqual([]);
});

test('what has mistakes is not written, and they are told', async () => {
  const answer = await at.call(
    'execute',
    write('create', 'bad', { content: 'name: bad\nversion: x\n' }),
  );
  expect(answer).toMatchObject({
    saved: false,
    diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'invalid_version' })]),
  });
  expect(existsSync(file('bad'))).toBe(false);
});

test('a dry run only checks', async () => {
  expect(
    await at.call('execute', write('create', 'dry', { content: text('dry'), dry_run: true })),
  ).toMatchObject({ saved: false, dry_run: true });
  expect(existsSync(file('dry'))).toBe(false);
});

test('names lead nowhere else, and shipped directives stay as they are', async () => {
  const refusal = (action: string, name: string, parameters = {}) =>
    at.refusal('execute', write(action, name, parameters));
  expect((await refusal('create', '../../escape', { content: text('escape') }))[0]).toBe(
    'input_invalid',
  );
  expect((await refusal('create', 'one', { content: text('other') }))[1]).toBe(
    'The content has the name other, not one.',
  );
  expect(await refusal('update', 'intent_handler', { content: text('intent_handler') })).toEqual([
    'permission_denied',
    expect.stringContaining('system directive'),
  ]);
  expect((await refusal('create', 'greet', { content: text('greet') }))[0]).toBe('conflict');
  expect((await refusal('update', 'nobody', { content: text('nobody') }))[0]).toBe('not_found');
  expect((await refusal('create', 'x', {}))[1]).toBe('"content" is missing.');
  expect((await refusal('create', 'x', { content: text('x'), location: 'moon' }))[1]).toBe(
    'location must be project or user.',
  );
});

test('a run needs the permission to write', async () => {
  const run = { id: 'r', permissions: ['execute:kernel:search'], key: 'k' };
  expect(
    (
      await at.refusal('execute', write('create', 'y', { content: text('y') }), { ...CALLER, run })
    )[0],
  ).toBe('permission_denied');
});
