import { chmodSync, lchownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { MissionError } from '../../contracts/errors.js';
import type { SharedFolder } from '../../contracts/script.js';
import { emptyFolder } from './safe-tree.js';

/** The directories of one call. */
export interface CallFolder {
  /** Empty when the call begins, gone when it has ended. */
  scratch: string;
}

/** The directories of one worker's calls, in a directory of its own. */
export class Scratch {
  /** Absolute path. */
  readonly directory: string;
  private count = 0;

  /** @throws the error of the file system when `root` cannot be written */
  constructor(root: string) {
    mkdirSync(root, { recursive: true });
    this.directory = mkdtempSync(join(root, 'scripts-'));
    // Scripts of another user pass through to their own.
    chmodSync(this.directory, 0o711);
  }

  /**
   * A directory for one process. It holds the directories of its calls and is all of this that the process sees.
   * @throws MissionError `internal`, retryable, when the file system refuses
   */
  home(): ScratchHome {
    return new ScratchHome(join(this.directory, String(++this.count)));
  }

  /** Removes everything. */
  async close(): Promise<void> {
    await removeAll(this.directory);
  }
}

/** What one process has on the disk. */
export class ScratchHome {
  private readonly clean: CallFolder[] = [];
  /** While it is ours. */
  private readonly made: string[] = [];
  private count = 0;
  /** The run's files, as the call under way sees them; filled and kept from outside. */
  readonly artifacts: SharedFolder;
  /** Whose its directories are; absent = ours. */
  private owner: number | undefined;

  constructor(readonly directory: string) {
    this.artifacts = { path: join(directory, 'artifacts') };
    make(directory);
    make(this.artifacts.path);
    this.made.push(this.artifacts.path);
  }

  /** Its directories, those that are there and those to come, belong to this user. Nothing runs in them yet. */
  giveTo(uid: number): void {
    this.owner = this.artifacts.owner = uid;
    for (const path of [this.directory, ...this.made]) lchownSync(path, uid, uid);
  }

  /**
   * Directories that no other call has. Those that a call left empty serve a later call: making and removing
   * them costs as much as the rest of a warm call.
   * @throws MissionError `internal`, retryable, when the file system refuses
   */
  take(): CallFolder {
    return this.clean.pop() ?? this.create();
  }

  /** Takes them back when their call has ended. False = something in them cannot be removed. */
  async release(folder: CallFolder): Promise<boolean> {
    try {
      await emptyFolder(folder.scratch);
      this.clean.push(folder);
      return true;
    } catch {
      return false;
    }
  }

  /** Removes everything; its process has ended. */
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

/** Nobody works in it any more. A directory that its owner has closed to himself is opened first. */
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
  const message = `no scratch directory can be made at ${path}: ${cause.message}; free space there or give it other rights`;
  return new MissionError('internal', message, undefined, { cause, retryable: true });
}
