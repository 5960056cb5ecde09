import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startTime } from './processes.js';

/** The process that holds a lock. */
export interface Holder {
  pid: number;
  /**
   * Start time, which distinguishes the holder from a later process with the
   * same pid.
   */
  started: string;
}

const isHeld = ({ pid, started }: Holder) => isAlive(pid) && startTime(pid) === started;

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/**
 * Creates the lock file together with its content, so that no process reads an
 * incomplete one.
 */
function create(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startTime(process.pid) }));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Removes the lock of a dead holder. The rename may have caught a new holder's
 * lock; it is then put back.
 */
function clear(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const holder = read(aside);
  if (holder && isHeld(holder)) linkSync(aside, file);
  rmSync(aside, { force: true });
}

/**
 * Takes a lock that is released when this process ends, however it ends.
 * @returns undefined when taken, otherwise its holder
 */
export function tryLock(file: string): Holder | undefined {
  for (let attempt = 0; ; attempt += 1) {
    if (create(file)) return undefined;
    const holder = read(file);
    if ((holder && isHeld(holder)) || attempt === 10) return holder ?? { pid: 0, started: '' };
    clear(file);
  }
}

/** Releases a lock. */
export function unlock(file: string): void {
  if (read(file)?.pid === process.pid) rmSync(file, { force: true });
}

/**
 * Runs `work` under the lock. If another process holds it, `onWait` is called
 * once and the call waits.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (holder: Holder) => void = () => undefined,
): Promise<T> {
  let isReported = false;
  for (let holder = tryLock(file); holder; holder = tryLock(file)) {
    if (!isReported) onWait(holder);
    isReported = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    unlock(file);
  }
}
