import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { tryLock, unlock, withLock } from '../../../src/platform/files/file-lock.js';
import { startTime } from '../../../src/platform/files/processes.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mission-lock-'));
  file = join(directory, 'lock');
});
afterEach(() => rmSync(directory, { recursive: true }));

it('tells who holds it, and can be given back', () => {
  expect(tryLock(file)).toBeUndefined();
  expect(tryLock(file)).toMatchObject({ pid: process.pid });
  unlock(file);
  expect(tryLock(file)).toBeUndefined();
  unlock(file);
  expect(readdirSync(directory)).toEqual([]);
});

it('is respected while its holder lives, and taken from a dead one', async () => {
  const child = spawn('sleep', ['30']);
  const pid = child.pid as number;
  writeFileSync(file, JSON.stringify({ pid, started: startTime(pid) }));
  expect(tryLock(file)).toMatchObject({ pid });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(tryLock(file)).toBeUndefined();
});

it.each([
  ['another process that got the same pid', JSON.stringify({ pid: process.pid, started: '1' })],
  ['nobody that can be read', 'garbage'],
  ['nothing', ''],
])('is taken from %s', (_, content) => {
  writeFileSync(file, content);
  expect(tryLock(file)).toBeUndefined();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
});

it('lets one after the other work', async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push(`${name} ends`);
  };
  await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});
