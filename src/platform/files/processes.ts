import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LINUX = process.platform === 'linux';

function procfs(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string {
  try {
    const args = ['-o', `${column}=`, '-p', String(pid)];
    return execFileSync('ps', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

/** Fields of `/proc/PID/stat` from the third (the state) on; the second may hold blanks. */
const statFields = (pid: number): string[] =>
  procfs(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ') ?? [];

/** True while the process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return !LINUX || statFields(pid)[0] !== 'Z';
}

/** The process's command with its arguments, joined by blanks; empty when it is gone. */
export const commandLine = (pid: number): string =>
  LINUX ? (procfs(pid, 'cmdline')?.replaceAll('\0', ' ').trim() ?? '') : ps(pid, 'args');

/** Tells a process from a later one with the same pid: its start time. Empty when it is gone. */
export const startTime = (pid: number): string =>
  LINUX ? (statFields(pid)[19] ?? '') : ps(pid, 'lstart');

async function goneWithin(pid: number, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(25)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

/** Sends the signals in order, each with the milliseconds it may take, until the process is gone. */
export async function terminate(
  pid: number,
  ...signals: [signal: NodeJS.Signals, ms: number][]
): Promise<void> {
  for (const [signal, ms] of signals) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await goneWithin(pid, ms)) return;
  }
}
