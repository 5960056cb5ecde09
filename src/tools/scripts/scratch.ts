import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { MissionError } from '../../contracts/errors.js';

/**
 * The scratch directories of one worker's calls, in a directory of its own. One that a call left
 * empty serves a later call: making and removing one costs as much as the rest of a warm call.
 */
export class Scratch {
  /** Absolute path. */
  readonly directory: string;
  private readonly clean: string[] = [];
  private count = 0;

  /** @throws the error of the file system when `root` cannot be written */
  constructor(root: string) {
    mkdirSync(root, { recursive: true });
    this.directory = mkdtempSync(join(root, 'scripts-'));
  }

  /**
   * An empty directory that no other call has.
   * @throws MissionError `internal`, retryable, when the file system refuses
   */
  take(): string {
    return this.clean.pop() ?? this.create();
  }

  /** Removes what a call left in its directory. */
  async release(path: string): Promise<void> {
    if (isEmpty(path)) this.clean.push(path);
    else await rm(path, { recursive: true, force: true });
  }

  /** Removes everything. */
  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  private create(): string {
    const path = join(this.directory, String(++this.count));
    try {
      mkdirSync(path, { mode: 0o700, recursive: true });
    } catch (cause) {
      throw notWritable(path, cause as Error);
    }
    return path;
  }
}

function notWritable(path: string, cause: Error): MissionError {
  const message = `no scratch directory can be made at ${path}: ${cause.message}; free space there or give it other rights`;
  return new MissionError('internal', message, undefined, { cause, retryable: true });
}

function isEmpty(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}
