import { constants, existsSync, readdirSync } from 'node:fs';
import { mkdir, open, readdir, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const HAS_PROC = existsSync('/proc/self/fd');

/**
 * Work on a directory that a script may be changing at the same moment, with
 * more rights than the script has. Every step starts from an open directory, so
 * that a directory replaced by a link leads nowhere.
 */
export class OpenDirectory {
  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  /**
   * Opens a directory whose parent no script can change. Rejects when the path
   * is a link or not a directory.
   */
  static async open(path: string): Promise<OpenDirectory> {
    return new OpenDirectory(await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path);
  }

  /**
   * A path to an entry that stays right when the directories above it are
   * renamed or replaced (where /proc exists).
   */
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

  /**
   * Opens a file for reading. Rejects for a link, and does not block on a named
   * pipe.
   */
  file(name: string): Promise<FileHandle> {
    return open(this.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  }

  /** Opens a directory inside this one and creates it if it is missing. */
  async made(name: string, owner: number | undefined): Promise<OpenDirectory> {
    const isNew = await mkdir(this.at(name), { mode: 0o700 }).then(
      () => true,
      () => false,
    );
    const directory = await this.enter(name);
    if (isNew && owner !== undefined) await directory.handle.chown(owner, owner);
    return directory;
  }

  /** Creates a file for writing; rejects when the name exists. */
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

/**
 * Empties a script's directory. Rejects when an entry cannot be removed, or
 * when the path is no longer a directory.
 */
export async function emptyFolder(path: string): Promise<void> {
  if (readdirSync(path).length === 0) return;
  const directory = await OpenDirectory.open(path);
  await emptyTree(directory).finally(() => directory.close());
}
