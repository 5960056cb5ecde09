import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'mission-clone-'));
  for (const part of ['bin', 'package.json', 'package-lock.json', '.swcrc']) {
    cpSync(join(ROOT, part), join(clone, part), { recursive: true });
  }
  mkdirSync(join(clone, 'src/cli'), { recursive: true });
  write('console.log("one", process.version, ...process.argv.slice(2))');
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(clone, 'src/cli/main.ts'), text);

function mission(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, npm_execpath: join(import.meta.dirname, 'npm-stand-in.cjs') };
  const file = join(clone, 'bin/mission.mjs');
  return new Promise((done) => {
    execFile(process.execPath, [file, ...args], { env, cwd: tmpdir() }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('a fresh clone', () => {
  it('is installed and built once, also by two starts at the same time', async () => {
    writeFileSync(join(clone, '.set-up.lock'), '99999999');
    const [first, second] = await Promise.all([mission('a', 'b c'), mission('a', 'b c')]);
    for (const { code, stdout } of [first, second]) {
      expect(stdout).toMatch(/^one v24\.\d+\.\d+ a b c\n$/);
      expect(code).toBe(0);
    }
    const runs = readFileSync(join(clone, 'npm-runs'), 'utf8').trim().split('\n');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toContain('ci --ignore-scripts');
    expect(first.stderr + second.stderr).toMatch(/Installing dependencies.*\n.*Building/s);
    expect(first.stderr + second.stderr).toContain('waiting for it');
    expect(existsSync(join(clone, '.set-up.lock'))).toBe(false);
  }, 60_000);

  it('starts without a word the next time', async () => {
    expect(await mission()).toMatchObject({ code: 0, stderr: '' });
  });

  it('is built again when a source changed, and keeps the old build when that fails', async () => {
    write('process.exitCode = 7; console.log("two")');
    expect(await mission()).toMatchObject({ code: 7, stdout: 'two\n' });
    write('this is not TypeScript');
    const { code, stderr } = await mission();
    expect(code).toBe(1);
    expect(stderr).toContain('The build failed');
    expect(readFileSync(join(clone, 'dist/cli/main.js'), 'utf8')).toContain('two');
  }, 60_000);
});
