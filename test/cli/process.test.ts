import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { compiled } from '../support/compiled.js';

let main: string;

beforeAll(async () => {
  main = join(await compiled(), 'cli/main.js');
}, 60_000);

/** Runs `mission` as a process of its own in a shell; `$mission` is its command line. */
async function shell(script: string, env: NodeJS.ProcessEnv = {}) {
  const mission = `"${process.execPath}" "${main}"`;
  const run = promisify(execFile)('sh', ['-c', script.replaceAll('$mission', mission)], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
  });
  return run.then(
    ({ stdout, stderr }) => ({ exit: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ exit: code as number, stdout, stderr }),
  );
}

test('exit codes and streams arrive outside', async () => {
  const env = { MISSION_URL: 'http://127.0.0.1:1' };
  const { exit, stdout, stderr } = await shell('$mission executions list --json', env);
  expect(exit).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unavailable' } });
  expect(stderr).toContain('start it with mission up');
  expect((await shell('$mission nonsense')).exit).toBe(2);
});

test('there is no colour in a pipe, and a reader that goes away is no failure', async () => {
  const { exit, stdout, stderr } = await shell('$mission --help | head -n 1; $mission nonsense');
  expect(exit).toBe(2);
  expect(stdout).toBe('Usage: mission [options] [command]\n');
  expect(stderr).toContain("unknown command 'nonsense'");
  expect(stderr).not.toContain('\u001b');
});

test('a result that cannot be written is a failure', async () => {
  const full = await shell('$mission --help > /dev/full');
  expect(full.exit).toBe(1);
  expect(full.stderr).toContain('error the result cannot be written: ');
  const env = { MISSION_URL: 'http://127.0.0.1:1' };
  expect((await shell('$mission executions list --json > /dev/full', env)).exit).toBe(3);
  expect((await shell('$mission --help | true; exit 0')).stderr).toBe('');
});
