import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CALLER, kernelProject, type KernelProject } from '../kernel-project.js';

let at: KernelProject;
beforeAll(async () => {
  at = await kernelProject();
  at.write('.ai/knowledge/filed.md', '---\ntitle: From a file\n---\nText of the file.\n');
}, 120_000);
afterAll(() => at?.close());

const note = (action: string, item_id: string, parameters = {}, caller = CALLER) =>
  at.call('execute', { item_type: 'knowledge', action, item_id, parameters }, caller);
const refused = (action: string, item_id: string, parameters = {}, caller = CALLER) =>
  at.refusal('execute', { item_type: 'knowledge', action, item_id, parameters }, caller);
const load = (item_id: string) => at.call('load', { item_type: 'knowledge', item_id });
const audited = () =>
  at.dataSource.query(
    `SELECT actor, action, target, data FROM audit_events WHERE action LIKE 'knowledge.%' ORDER BY id`,
  );

test('an entry is created, found, updated in parts and deleted, and each is audited', async () => {
  expect(
    await note('create', 'slow-disk', {
      title: 'The disk is slow',
      category: 'pattern',
      content: 'Writes take long at night.',
      confidence: 0.7,
    }),
  ).toMatchObject({ saved: true, item_id: 'slow-disk' });
  const { results } = await at.call('search', { item_type: 'knowledge', query: 'writes at night' });
  expect(results[0]).toMatchObject({
    id: 'slow-disk',
    source: 'system',
    metadata: { category: 'pattern', confidence: 0.7, learned_from: 'actor:anna' },
  });

  await note('update', 'slow-disk', { confidence: 0.9, source: 'analyze_patterns' });
  expect(await load('slow-disk')).toMatchObject({
    content: 'Writes take long at night.',
    metadata: { title: 'The disk is slow', confidence: 0.9, learned_from: 'analyze_patterns' },
  });
  expect((await refused('delete', 'slow-disk'))[1]).toContain('{"confirm": true}');
  expect(await note('delete', 'slow-disk', { confirm: true })).toMatchObject({ deleted: true });
  expect((await at.refusal('load', { item_type: 'knowledge', item_id: 'slow-disk' }))[0]).toBe(
    'not_found',
  );
  expect((await audited()).map(({ action, target }: any) => [action, target])).toEqual([
    ['knowledge.create', 'knowledge:slow-disk'],
    ['knowledge.update', 'knowledge:slow-disk'],
    ['knowledge.delete', 'knowledge:slow-disk'],
  ]);
});

test('a file hides an entry, and is not written', async () => {
  await note('create', 'both', { content: 'Of the database.' });
  at.write('.ai/knowledge/both.md', 'Of the file.\n');
  expect(await load('both')).toMatchObject({ source: 'project', content: 'Of the file.\n' });
  for (const action of ['create', 'update', 'delete'])
    expect(await refused(action, 'filed', { content: 'x', confirm: true })).toEqual([
      'conflict',
      expect.stringContaining('filed.md: edit that file'),
    ]);
});

test('what is there is not created again, and what is not there not updated, also at once', async () => {
  const both = await Promise.all(
    [1, 2].map((n) => refused('create', 'race', { content: `writer ${n}` })),
  );
  expect(both.map(([code]) => code).filter((code) => code === 'conflict')).toHaveLength(1);
  expect((await refused('update', 'nothing', { content: 'x' }))[0]).toBe('not_found');
  expect((await refused('delete', 'nothing', { confirm: true }))[0]).toBe('not_found');
});

test('a dry run checks and writes nothing', async () => {
  expect(await note('create', 'dry', { content: 'x', dry_run: true })).toMatchObject({
    saved: false,
    dry_run: true,
  });
  expect((await refused('create', 'dry', { content: '', dry_run: true }))[0]).toBe('input_invalid');
  expect((await at.refusal('load', { item_type: 'knowledge', item_id: 'dry' }))[0]).toBe(
    'not_found',
  );
});

test('rights: of the speaker, and of the run that calls', async () => {
  const viewer = { principal: { ...CALLER.principal, role: 'viewer' } } as typeof CALLER;
  expect((await refused('create', 'x', { content: 'x' }, viewer))[0]).toBe('permission_denied');
  const readOnly = { principal: { ...CALLER.principal, readOnly: true } };
  expect((await refused('create', 'x', { content: 'x' }, readOnly))[0]).toBe('permission_denied');
  const run = (permissions: string[]) => ({
    ...CALLER,
    run: { id: 'run-1', permissions: ['execute:kernel:execute', ...permissions], key: 'k' },
  });
  expect((await refused('create', 'x', { content: 'x' }, run([])))[0]).toBe('permission_denied');
  await note('create', 'by-a-run', { content: 'x' }, run(['write:knowledge']));
  expect((await load('by-a-run')).metadata.learned_from).toBe('run:run-1');
});

test('what another process writes is seen at once', async () => {
  await at.dataSource.query(
    `INSERT INTO internal_knowledge (id, title, content) VALUES ('other', 'Of another process', 'x')`,
  );
  expect((await load('other')).metadata.title).toBe('Of another process');
  await at.dataSource.query(`UPDATE internal_knowledge SET title = 'Changed' WHERE id = 'other'`);
  expect((await load('other')).metadata.title).toBe('Changed');
  await at.dataSource.query(`DELETE FROM internal_knowledge WHERE id = 'other'`);
  expect((await at.refusal('load', { item_type: 'knowledge', item_id: 'other' }))[0]).toBe(
    'not_found',
  );
});
