import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../api/support.js';
import { mission as call } from '../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(argv, { MISSION_URL: api.url, MISSION_API_KEY: api.key });

function write(path: string, text: string): void {
  const file = join(api.project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
beforeAll(() => {
  write(
    '.ai/directives/scale_up.yaml',
    'name: scale_up\nversion: 1.0.0\ndescription: Adds replicas\npermissions: []\nsteps: [{ return: 1 }]\n',
  );
  write(
    '.ai/knowledge/ops/scaling.md',
    '---\nid: scaling\ntitle: How to scale\ncategory: operations\n---\nAdd replicas one by one.\n',
  );
  write('.ai/knowledge/plain.md', '# A plain note\n\nNothing in front.\n');
});

test('search looks at directives, tools and knowledge at once, or at one type', async () => {
  const { exit, out } = await mission('search', 'replicas');
  expect([exit, out]).toEqual([0, expect.stringMatching(/scale_up +directive +\d\.\d\d +project/)]);
  expect(out).toMatch(/scaling +knowledge/);
  const one = await mission('search', 'replicas', '--type', 'knowledge', '--json');
  expect(
    one.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ).toEqual(['scaling']);
  const few = await mission('search', 'replicas', '--limit', '1');
  expect(few.err).toContain('more; see --limit');
});

test('nothing found is no failure; a wrong type or limit is a wrong use', async () => {
  const none = await mission('search', 'elephants', 'dancing');
  expect([none.exit, none.err]).toEqual([0, 'nothing found for "elephants dancing"\n']);
  expect((await mission('search', 'x', '--type', 'wishes')).exit).toBe(2);
  expect((await mission('search', 'x', '--limit', 'many')).exit).toBe(2);
  expect((await mission('search')).exit).toBe(2);
});

test('knowledge is listed and shown', async () => {
  const { out } = await mission('knowledge', 'list');
  expect(out).toMatch(/scaling +operations +project +How to scale/);
  expect(out).toMatch(/plain +.*A plain note/);
  const found = await mission('knowledge', 'list', '--query', 'replicas', '--json');
  expect(JSON.parse(found.out)).toMatchObject({ id: 'scaling', source: 'project' });
  const shown = await mission('knowledge', 'show', 'scaling');
  expect(shown.out).toMatch(
    /^How to scale\nscaling {2}operations {2}.*scaling\.md\n\nAdd replicas/,
  );
  const missing = await mission('knowledge', 'show', 'nothing');
  expect([missing.exit, missing.err]).toEqual([2, expect.stringContaining('no knowledge entry')]);
});
