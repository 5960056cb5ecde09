import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../support/instance.js';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { scripts, version } = JSON.parse(read('package.json'));
const { services } = parse(read('docker-compose.yml'), { merge: true });

/** The same command on a program that needs no server. */
async function versionBy(words: string[]): Promise<string> {
  const args = words.map((word) => (word === 'dist/workers/main.js' ? 'dist/cli/main.js' : word));
  const options = { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' } };
  const [program, ...rest] = [...args, '--version'];
  return (await promisify(execFile)(program!, rest, options)).stdout.trim();
}

it('starts a worker with what is loaded before it', async () => {
  const byNpm = scripts.worker.replace('exec ', '').split(' ');
  expect(byNpm).toContain('--import=dist/workers/workflow-thread.js');
  expect(await versionBy(byNpm)).toBe(version);
  expect(services.worker.command).toEqual(byNpm);
});
