import { mkdirSync, statfsSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MissionError } from '../../contracts/errors.js';
import { tryLock, unlock } from '../../platform/files/file-lock.js';
import { homePaths } from '../../platform/files/paths.js';

const MIB = 1024 * 1024;
/**
 * Space for a new Postgres with its write-ahead log, and for Temporal's file.
 */
const NEEDED_MIB = 200;

function problem(home: string, reason: string, cause?: unknown): MissionError {
  const todo = 'Make it writable and free some space, or set MISSION_HOME to another directory.';
  const message = `MISSION_HOME ${home} cannot be used: ${reason}. ${todo}`;
  return new MissionError('unavailable', message, undefined, { cause });
}

/**
 * Runs work on the directory and turns an error of the file system into a
 * message for a person.
 */
function attempt(home: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw problem(home, (error as Error).message, error);
  }
}

function checkWritable(home: string): void {
  const probe = join(home, `.probe-${process.pid}`);
  try {
    mkdirSync(homePaths(home).logs, { recursive: true, mode: 0o700 });
    writeFileSync(probe, Buffer.alloc(MIB));
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Free space of the file system that holds the directory, in MiB. */
export function freeMib(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return Math.floor((bavail * bsize) / MIB);
}

function checkSpace(home: string): void {
  const free = freeMib(home);
  if (free >= NEEDED_MIB) return;
  throw problem(home, `only ${free} MiB are free there and ${NEEDED_MIB} are needed`);
}

/**
 * Creates the instance's directory and takes its lock.
 * @returns a function that releases the lock
 * @throws MissionError `unavailable` when the directory cannot be written or is
 * full, `conflict` when another supervisor holds it
 */
export function openHome(home: string): () => void {
  attempt(home, () => mkdirSync(home, { recursive: true, mode: 0o700 }));
  attempt(home, () => checkWritable(home));
  checkSpace(home);
  const { lock } = homePaths(home);
  const holder = tryLock(lock);
  if (!holder) return () => unlock(lock);
  throw new MissionError(
    'conflict',
    `Mission Control is already running with MISSION_HOME ${home}, as process ${holder.pid}. Stop that instance, or set MISSION_HOME to another directory for a second one.`,
  );
}
