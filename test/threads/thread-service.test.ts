import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { linkChannel, unlinkChannel } from '../../src/threads/channel-links.js';
import { threadProject, type ThreadProject } from './project.js';
import { principal } from './support.js';

let at: ThreadProject;
beforeAll(async () => void (at = await threadProject()), 120_000);
afterAll(() => at?.close());

const open = (request = {}, who = 'anna') =>
  at.threads.open(principal(who), { directive: 'talk', ...request });

test('a persistent thread is found again by its user and channel, and by nobody else', async () => {
  const first = await open({ channel: 'c1' });
  expect(first.id).toMatch(/^conv_[0-9a-f]{32}$/);
  expect((await open({ channel: 'c1' })).id).toBe(first.id);
  expect((await open({ channel: 'c1' }, 'ben')).id).not.toBe(first.id);
  expect((await open({ channel: 'c2' })).id).not.toBe(first.id);
  expect((await open()).id).not.toBe((await open()).id);
});

test('a thread that nobody used for an hour is not found again', async () => {
  const first = await open({ channel: 'idle' });
  await at.dataSource.query(
    `UPDATE threads SET updated_at = now() - interval '61 minutes' WHERE id = $1`,
    [first.id],
  );
  expect((await open({ channel: 'idle' })).id).not.toBe(first.id);
  expect((await at.threads.find(principal(), first.id)).status).toBe('completed');
});

test('a scoped thread is shared by its channel, which must be linked to a project', async () => {
  const scoped = { mode: 'scoped', channel: 'team' };
  await expect(open(scoped)).rejects.toMatchObject({
    message: expect.stringContaining('/link PATH'),
  });
  await linkChannel(at.dataSource, { channel: 'team', project_path: at.project, actor: 'anna' });
  const first = await open(scoped);
  expect(first).toMatchObject({ project_path: at.project, participants: ['anna'] });
  expect((await open(scoped, 'ben')).participants).toEqual(['anna', 'ben']);
  await unlinkChannel(at.dataSource, 'team');
  await expect(open(scoped)).rejects.toMatchObject({ code: 'input_invalid' });
});

test('a thread of somebody else is not there', async () => {
  const { id } = await open();
  const refused = { code: 'not_found', message: `There is no thread ${id}.` };
  await expect(at.threads.find(principal('ben'), id)).rejects.toMatchObject(refused);
  await expect(at.threads.messages(principal('ben'), id)).rejects.toMatchObject(refused);
  expect((await at.threads.list(principal('ben'))).map((row) => row.id)).not.toContain(id);
  expect((await at.threads.list(principal())).map((row) => row.id)).toContain(id);
});

test('a path leads nowhere outside of the project, also not through a link', async () => {
  mkdirSync(join(at.project, 'inside'));
  symlinkSync(tmpdir(), join(at.project, 'out'));
  const inside = await open({ project_path: 'inside' });
  expect(inside.project_path).toBe(join(realpathSync(at.project), 'inside'));
  for (const project_path of ['..', '/', 'out', 'nowhere', '/etc/passwd'])
    await expect(open({ project_path })).rejects.toMatchObject({ code: 'input_invalid' });
});

test('what cannot answer is refused when the thread is opened', async () => {
  const refused = (request: object) => open(request).catch(({ code, message }) => [code, message]);
  expect(await refused({ directive: 'tolk' })).toEqual([
    'not_found',
    expect.stringContaining('talk'),
  ]);
  expect(await refused({ directive: 'steps' })).toEqual([
    'directive_invalid',
    'The directive steps talks to no model: run it instead.',
  ]);
  expect(await refused({ mode: 'forever' })).toEqual([
    'input_invalid',
    'mode is "forever"; it must be one of single_shot, persistent, scoped.',
  ]);
  expect(await refused({ inputs: { tone: 5 } })).toEqual([
    'input_invalid',
    expect.stringContaining('tone'),
  ]);
  expect(await refused({ channel: 'c'.repeat(201) })).toEqual([
    'input_invalid',
    'channel is longer than 200 characters.',
  ]);
});
