import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { homePaths } from '../../platform/files/paths.js';
import { isAlive } from '../../platform/files/processes.js';

const SUFFIX = '.pid';

/**
 * Writes the process ID of a service to a file such as `run/worker.pid` or
 * `run/temporal-server.pid`.
 */
export function writePid(home: string, service: string, pid: number): void {
  const { run } = homePaths(home);
  mkdirSync(run, { recursive: true, mode: 0o700 });
  const file = service.toLowerCase().replaceAll(' ', '-') + SUFFIX;
  writeFileSync(join(run, file), `${pid}\n`);
}

/**
 * Names and process IDs of the running services; a service that is restarting
 * is left out.
 */
export function readPids(home: string): [service: string, pid: number][] {
  const { run } = homePaths(home);
  const pidOf = (file: string) => Number(readFileSync(join(run, file), 'utf8'));
  return filesOf(run)
    .map((file): [string, number] => [basename(file, SUFFIX), pidOf(file)])
    .filter(([, pid]) => isAlive(pid));
}

/** Removes all pid files, after every service has ended. */
export const removePids = (home: string): void =>
  rmSync(homePaths(home).run, { recursive: true, force: true });

function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch {
    return [];
  }
}
