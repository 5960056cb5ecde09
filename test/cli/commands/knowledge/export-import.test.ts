import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../../api/support.js';
import { mission as call } from '../../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(['knowledge', ...argv], { MISSION_URL: api.url, MISSION_API_KEY: api.key });
const path = (...parts: string[]) => join(api.project, ...parts);
const rows = () =>
  api.dataSource.query(
    'SELECT id, title, category, content, confidence, source FROM internal_knowledge ORDER BY id',
  );

test('notes go out as Markdown and come back the same', async () => {
  mkdirSync(path('in'));
  const scaling =
    '---\nid: scaling\ntitle: "How: to scale"\ncategory: operations\nconfidence: 0.4\nsource: analyze_patterns\n---\nAdd replicas.\n';
  writeFileSync(path('in/some.md'), scaling);
  writeFileSync(path('in/plain.md'), '# A plain note\n\nText.\n');
  const imported = await mission('import', path('in/some.md'), path('in/plain.md'));
  expect([imported.exit, imported.out]).toEqual([0, 'created scaling\ncreated plain\n']);
  const before = await rows();
  expect(before).toMatchObject([
    { id: 'plain', title: 'A plain note', source: 'actor:operator' },
    { id: 'scaling', title: 'How: to scale', confidence: 0.4, source: 'analyze_patterns' },
  ]);

  expect((await mission('export', path('out'))).exit).toBe(0);
  expect(readdirSync(path('out')).sort()).toEqual(['plain.md', 'scaling.md']);
  expect(readFileSync(path('out/scaling.md'), 'utf8')).toContain('created_at:');
  await api.dataSource.query('TRUNCATE internal_knowledge');
  await mission('import', path('out/plain.md'), path('out/scaling.md'));
  expect(await rows()).toEqual(before);
});

test('what is there is replaced only when that is wanted, on both sides', async () => {
  writeFileSync(path('note.md'), 'first\n');
  await mission('import', path('note.md'));
  writeFileSync(path('note.md'), 'second\n');
  const again = await mission('import', path('note.md'));
  expect([again.exit, again.err]).toEqual([2, expect.stringContaining('already. Use update')]);
  expect((await mission('import', path('note.md'), '--replace')).out).toBe('updated note\n');
  writeFileSync(path('out/note.md'), 'kept');
  const kept = await mission('export', path('out'));
  expect([kept.exit, kept.err]).toEqual([1, expect.stringContaining('there already')]);
  expect(readFileSync(path('out/note.md'), 'utf8')).toBe('kept');
  expect((await mission('export', path('out'), '--replace')).exit).toBe(0);
  expect(readFileSync(path('out/note.md'), 'utf8')).toContain('second');
});

test('a file that is not there is a wrong use; an entry that is refused says why', async () => {
  expect((await mission('import', path('nothing.md'))).exit).toBe(2);
  writeFileSync(path('bad.md'), '---\nconfidence: 7\n---\nx\n');
  expect((await mission('import', path('bad.md'))).err).toContain('from 0 to 1');
});

test('GraphQL and REST show the notes', async () => {
  const { data } = await api.graphql(
    '{ knowledge(query: "replicas") { nodes { id source confidence learnedFrom file content } } all: knowledge(first: 1) { nodes { id } pageInfo { hasNextPage } } }',
  );
  expect(data.knowledge.nodes[0]).toMatchObject({
    id: 'scaling',
    source: 'system',
    confidence: 0.4,
    learnedFrom: 'analyze_patterns',
    file: null,
  });
  expect(data.all.pageInfo.hasNextPage).toBe(true);
  const { body } = await api.request('/internal/knowledge');
  expect(body.knowledge.map(({ id }: any) => id).sort()).toEqual(['note', 'plain', 'scaling']);
});
