import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ProcessMonitor } from '../../src/supervisor/process-monitor.js';
import { rotate } from '../../src/supervisor/log-rotation.js';
import type { Running } from '../../src/supervisor/service.js';

/** A service whose ends the test decides. */
function service() {
  const ends: ((reason: string) => void)[] = [];
  let failing = false;
  const start = async (): Promise<Running> => {
    if (failing) throw new Error('it does not start');
    let end!: (reason: string) => void;
    const ended = new Promise<string>((resolve) => (end = resolve));
    ends.push(end);
    return { pid: 99_999_999, ended, stop: async () => end('stopped') };
  };
  const fail = () => (failing = true);
  return { ends, fail, service: { name: 'thing', logFile: '/nonexistent', start } };
}

const tick = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

it('restarts with a back-off that doubles, and gives up at the fifth death', async () => {
  const { ends, service: thing } = service();
  const said: string[] = [];
  const keeper = new ProcessMonitor(thing, { say: (line) => said.push(line), backoffMs: 1 });
  await keeper.start();
  for (let death = 1; death <= 5; death += 1) {
    ends.at(-1)?.(`death ${death}`);
    await tick(40);
  }
  expect(said.map((line) => line.match(/in ([\d.]+) s/)?.[1])).toEqual([
    '0.001',
    '0.002',
    '0.004',
    '0.008',
  ]);
  await expect(keeper.failed).rejects.toThrow(/thing ended 5 times within a minute.*death 5/s);
  expect(ends).toHaveLength(5);
});

it('counts a start that fails as a death', async () => {
  const { ends, fail, service: thing } = service();
  const keeper = new ProcessMonitor(thing, { say: () => undefined, backoffMs: 1 });
  await keeper.start();
  fail();
  ends[0]?.('killed');
  await expect(keeper.failed).rejects.toThrow('it does not start');
});

it('leaves the first start’s failure to the caller, and stays down once stopped', async () => {
  const broken = service();
  broken.fail();
  await expect(
    new ProcessMonitor(broken.service, { say: () => undefined }).start(),
  ).rejects.toThrow();

  const { ends, service: thing } = service();
  const keeper = new ProcessMonitor(thing, { say: () => undefined, backoffMs: 1 });
  await keeper.start();
  await keeper.stop();
  await tick();
  expect(ends).toHaveLength(1);
});

it('keeps one older copy of a log that grew too long', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mission-logs-'));
  writeFileSync(join(directory, 'api.log'), 'long enough');
  writeFileSync(join(directory, 'worker.log'), 'short');
  rotate(directory, 8);
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  expect([read('api.log'), read('api.log.1'), read('worker.log')]).toEqual([
    '',
    'long enough',
    'short',
  ]);
  rmSync(directory, { recursive: true });
});
