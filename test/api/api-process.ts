import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compiled } from '../support/compiled.js';

/** The API as a process of its own, as the supervisor starts it. The caller ends it. */
export async function startApi(variables: Record<string, string>) {
  const main = join(await compiled(), 'api/main.js');
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (data) => (output += data));
  }
  const exit = once(child, 'exit').then(([code]) => code as number);
  return { child, exit, output: () => output };
}

/** Waits until it answers. */
export async function untilLive(url: string): Promise<void> {
  for (let tries = 0; tries < 250; tries += 1, await delay(100)) {
    const answer = await fetch(`${url}/live`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error('the API did not come up');
}
