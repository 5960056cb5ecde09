import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { listProjectScripts } from '../../../src/platform/library/project-scripts.js';

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'project-'));
});
afterEach(() => rmSync(project, { recursive: true }));

function put(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), '');
  }
}

test('a project without scripts has none', async () => {
  expect(await listProjectScripts(project)).toEqual(new Map());
});

test('scripts of all languages are found in both folders', async () => {
  put(
    '.ai/scripts/fetch_orders.py',
    '.ai/scripts/resize.ts',
    '.ai/tools/sum.js',
    '.ai/tools/tar.sh',
  );
  const scripts = await listProjectScripts(project);
  expect([...scripts.keys()].sort()).toEqual(['fetch_orders', 'resize', 'sum', 'tar']);
  const file = join(project, '.ai/scripts/fetch_orders.py');
  expect(scripts.get('fetch_orders')).toEqual({ name: 'fetch_orders', language: 'py', file });
});

test('helpers beside the scripts are not scripts', async () => {
  put(
    '.ai/scripts/_util.py',
    '.ai/scripts/Upper.ts',
    '.ai/scripts/a.test.ts',
    '.ai/scripts/lib/b.ts',
  );
  put('.ai/scripts/notes.md', '.ai/scripts/types.d.ts');
  expect([...(await listProjectScripts(project)).keys()]).toEqual([]);
});

test('of two files with one name the first stays and the other is a problem', async () => {
  put('.ai/scripts/sum.py', '.ai/scripts/sum.js', '.ai/tools/sum.sh');
  const problems: string[] = [];
  const scripts = await listProjectScripts(project, ({ file, message }) =>
    problems.push(`${file.slice(project.length + 1)} ${message}`),
  );
  expect(scripts.get('sum')?.language).toBe('js');
  expect(problems).toHaveLength(2);
  expect(problems[0]).toMatch(/^\.ai\/scripts\/sum\.py is not used: .*sum\.js has the same name/);
});
