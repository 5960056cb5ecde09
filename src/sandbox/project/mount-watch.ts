import { statOf } from './stat-of.js';

const CHECK_MS = 100;

/** The identity of each watched path at the time of the mount. */
export type FileIdentities = ReadonlyMap<string, string>;

interface Watched {
  identities: FileIdentities;
  onGone(path: string): void;
}

/**
 * Checks that the files and directories under mounts have not been replaced. A
 * mount covers an inode, not a name: when somebody outside removes or replaces
 * the file (an editor that saves, a `git pull`), the kernel drops the mount,
 * and the new file is open to the processes that are running.
 */
export class MountWatch {
  private readonly all = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * Starts to watch.
   * @param identities the identities taken before the mounts were made
   * @param onGone called once, with the first path that changed
   * @returns a function that stops watching
   */
  begin(identities: FileIdentities, onGone: Watched['onGone']): () => void {
    if (identities.size === 0) return () => undefined;
    const watched = { identities, onGone };
    this.all.add(watched);
    this.timer ??= setInterval(() => this.check(), CHECK_MS).unref();
    return () => this.end(watched);
  }

  private check(): void {
    for (const watched of [...this.all]) {
      const gone = [...watched.identities].find(
        ([path, identity]) => identityOf(path) !== identity,
      );
      if (!gone) continue;
      this.end(watched);
      watched.onGone(gone[0]);
    }
  }

  private end(watched: Watched): void {
    this.all.delete(watched);
    if (this.all.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/**
 * Identifies the file or directory that a path leads to; its content does not
 * count.
 */
export function identityOf(path: string): string {
  const stat = statOf(path);
  return stat ? `${stat.dev}:${stat.ino}:${stat.birthtimeNs}` : 'missing';
}
