import { constants, existsSync } from 'node:fs';
import { open, readdir, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const HAS_PROC = existsSync('/proc/self/fd');

/**
 * Work on a directory that a script may be changing at the same moment, with more rights than the script has:
 * every step goes from an open directory, so that one swapped for a link leads nowhere.
 */
export class OpenDirectory {
  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  /** Opens a directory whose parent no script can change. Rejects when it is a link, or no directory. */
  static async open(path: string): Promise<OpenDirectory> {
    return new OpenDirectory(await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path);
  }

  /** A path that leads to an entry whatever happens to the names above it. */
  at(name: string): string {
    return join(HAS_PROC ? `/proc/self/fd/${this.handle.fd}` : this.path, name);
  }

  async entries(): Promise<{ name: string; isDirectory: boolean }[]> {
    const entries = await readdir(this.at('.'), { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
  }

  async enter(name: string): Promise<OpenDirectory> {
    return OpenDirectory.open(this.at(name));
  }

  /** A file for reading; rejects for a link, and never waits for a pipe. */
  file(name: string): Promise<FileHandle> {
    return open(this.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** Removes everything in a directory. Rejects when something cannot be removed. */
export async function emptyTree(directory: OpenDirectory): Promise<void> {
  for (const { name, isDirectory } of await directory.entries()) {
    if (!isDirectory) {
      await unlink(directory.at(name));
      continue;
    }
    const inner = await directory.enter(name);
    await emptyTree(inner).finally(() => inner.close());
    await rmdir(directory.at(name));
  }
}
