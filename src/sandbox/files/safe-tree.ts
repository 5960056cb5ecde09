import { constants, existsSync, readdirSync } from 'node:fs';
import { mkdir, open, readdir, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
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

  /** A directory in it, made when it is not there. */
  async made(name: string, owner: number | undefined): Promise<OpenDirectory> {
    const isNew = await mkdir(this.at(name), { mode: 0o700 }).then(
      () => true,
      () => false,
    );
    const directory = await this.enter(name);
    if (isNew && owner !== undefined) await directory.handle.chown(owner, owner);
    return directory;
  }

  /** A new file for writing. */
  async create(name: string, owner: number | undefined): Promise<FileHandle> {
    const file = await open(this.at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    if (owner !== undefined) await file.chown(owner, owner);
    return file;
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

/** Empties a directory of a script. Rejects when something cannot be removed, or the directory is none any more. */
export async function emptyFolder(path: string): Promise<void> {
  if (readdirSync(path).length === 0) return;
  const directory = await OpenDirectory.open(path);
  await emptyTree(directory).finally(() => directory.close());
}
