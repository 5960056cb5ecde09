import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { isAlive, until, Workbench } from './workbench.js';

const HOST = join(import.meta.dirname, 'host-program.mjs');
const BUSY = {
  'busy.js': `import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';
export default ({ inputs, context }) => {
  const child = spawn('sh', ['-c', 'trap "" TERM HUP; sleep 60; sleep 60'], { stdio: 'ignore' });
  writeFileSync('pids_js', process.pid + ' ' + child.pid);
  for (;;);
};`,
  'waiting.js': `import { writeFileSync } from 'node:fs';
export default () => { writeFileSync('pids_waiting', String(process.pid)); return new Promise(() => setInterval(() => {}, 1000)) };`,
  'busy.py': `import os, signal
def execute(context, params):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    open("pids_py", "w").write(str(os.getpid()))
    while True: pass`,
  'stubborn.sh': `trap '' TERM HUP; sleep 60 & echo "$$ $!" > pids_sh; while :; do sleep 1; done`,
};

let bench: Workbench;
beforeEach(() => {
  bench = new Workbench();
});
afterEach(() => bench.close());

const pids = () =>
  readdirSync(bench.project)
    .filter((file) => file.startsWith('pids_'))
    .flatMap((file) => readFileSync(join(bench.project, file), 'utf8').trim().split(' '))
    .filter((pid) => pid !== '')
    .map(Number);

test('a worker killed by SIGKILL leaves no process and no scratch directory', async () => {
  await bench.host.close();
  for (const [file, source] of Object.entries(BUSY)) bench.script(file, source);
  const flags = ['--experimental-transform-types', '--no-warnings'];
  const worker = spawn(process.execPath, [...flags, HOST, bench.project], { stdio: 'inherit' });
  expect(await until(() => pids().length === 6, 15_000)).toBe(true);
  expect(pids().every(isAlive)).toBe(true);
  worker.kill('SIGKILL');
  expect(await until(() => !pids().some(isAlive), 3_000)).toBe(true);
  expect(await until(() => readdirSync(join(bench.project, 'scratch')).length === 0)).toBe(true);
});
