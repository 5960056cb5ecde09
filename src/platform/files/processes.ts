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

/**
 * Fields of `/proc/PID/stat` from the third (the state) on; the second may
 * contain blanks.
 */
const statFields = (pid: number): string[] =>
  procfs(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ') ?? [];

/** True while the process runs; false for a zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return !LINUX || statFields(pid)[0] !== 'Z';
}

/** The process's command line, joined by blanks; empty when it has ended. */
export const commandLine = (pid: number): string =>
  LINUX ? (procfs(pid, 'cmdline')?.replaceAll('\0', ' ').trim() ?? '') : ps(pid, 'args');

/**
 * The start time of a process, which distinguishes it from a later one with the
 * same pid. Empty when it has ended.
 */
export const startTime = (pid: number): string =>
  LINUX ? (statFields(pid)[19] ?? '') : ps(pid, 'lstart');

async function goneWithin(pid: number, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(25)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

/**
 * Sends the signals in order until the process has ended; each is followed by
 * its waiting time.
 */
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
