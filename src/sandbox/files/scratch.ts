import { chmodSync, lchownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { MissionError } from '../../contracts/errors.js';
import type { SharedFolder } from '../../contracts/script.js';
import { emptyFolder } from './safe-tree.js';

/** The directories of one call, as absolute paths. */
export interface CallFolder {
  /** Empty when the call begins; emptied again after it ends. */
  scratch: string;
}

/**
 * The scratch directories of one worker, below a directory that only this
 * worker uses.
 */
export class Scratch {
  /** Absolute path of the worker's directory. */
  readonly directory: string;
  private count = 0;

  /** @throws the error of the file system when `root` is not writable */
  constructor(root: string) {
    mkdirSync(root, { recursive: true });
    this.directory = mkdtempSync(join(root, 'scripts-'));
    // Jailed scripts run as other users and must be able to pass through to
    // their own directories.
    chmodSync(this.directory, 0o711);
  }

  /**
   * Creates the directory of one process. It holds the directories of the
   * process's calls; the process sees nothing else of the scratch directory.
   * @throws MissionError `internal`, retryable, when the file system refuses
   */
  home(): ScratchHome {
    return new ScratchHome(join(this.directory, String(++this.count)));
  }

  /** Removes the worker's directory and everything below it. */
  async close(): Promise<void> {
    await removeAll(this.directory);
  }
}

/** The scratch directory of one process. */
export class ScratchHome {
  private readonly clean: CallFolder[] = [];
  /**
   * Directories created so far, as long as they belong to the worker's user;
   * `giveTo` changes their owner.
   */
  private readonly made: string[] = [];
  private count = 0;
  /**
   * The run's files as the current call sees them; the owner of the call fills
   * this folder and collects from it.
   */
  readonly artifacts: SharedFolder;
  /**
   * The user who owns the directories; undefined means the worker's own user.
   */
  private owner: number | undefined;

  constructor(readonly directory: string) {
    this.artifacts = { path: join(directory, 'artifacts') };
    make(directory);
    make(this.artifacts.path);
    this.made.push(this.artifacts.path);
  }

  /**
   * Makes this user the owner of the existing directories and of those created
   * later. Call it before a process runs in them.
   */
  giveTo(uid: number): void {
    this.owner = this.artifacts.owner = uid;
    for (const path of [this.directory, ...this.made]) lchownSync(path, uid, uid);
  }

  /**
   * Returns directories that no other call uses. Directories that an earlier
   * call left empty are used again, because creating and removing them costs as
   * much as the rest of a warm call.
   * @throws MissionError `internal`, retryable, when the file system refuses
   */
  take(): CallFolder {
    return this.clean.pop() ?? this.create();
  }

  /**
   * Empties the directories of a call that has ended, for use by a later call.
   * Resolves to false when an entry cannot be removed.
   */
  async release(folder: CallFolder): Promise<boolean> {
    try {
      await emptyFolder(folder.scratch);
      this.clean.push(folder);
      return true;
    } catch {
      return false;
    }
  }

  /** Removes the directory; call it after the process has ended. */
  close(): Promise<void> {
    return removeAll(this.directory);
  }

  private create(): CallFolder {
    const scratch = join(this.directory, String(++this.count));
    make(scratch);
    if (this.owner !== undefined) lchownSync(scratch, this.owner, this.owner);
    else this.made.push(scratch);
    return { scratch };
  }
}

function make(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    throw notWritable(path, cause as Error);
  }
}

/**
 * Call it after the last process has ended. A directory whose owner removed his
 * own rights is opened first.
 */
async function removeAll(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await openAll(path).catch(() => undefined);
    await rm(path, { recursive: true, force: true });
  }
}

async function openAll(path: string): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openAll(join(path, entry.name));
  }
}

function notWritable(path: string, cause: Error): MissionError {
  const message = `the scratch directory ${path} cannot be created: ${cause.message}; free some space there or correct its file permissions`;
  return new MissionError('internal', message, undefined, { cause, retryable: true });
}
