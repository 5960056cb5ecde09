import { statOf } from './stat-of.js';

const LOOK_MS = 100;

/** Things of the disk, each as it was. */
export type FileIdentities = ReadonlyMap<string, string>;

interface Watched {
  looks: FileIdentities;
  onGone(path: string): void;
}

/**
 * Looks whether what walls lie on is still the same. A wall lies on a thing, not on its name: when somebody outside
 * removes or replaces that (an editor that saves, a `git pull`), the kernel takes the wall away, and the new thing is
 * open to the processes that are running.
 */
export class MountWatch {
  private readonly all = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param looks from before the walls were made
   * @param onGone called once
   * @returns ends it
   */
  begin(looks: FileIdentities, onGone: Watched['onGone']): () => void {
    if (looks.size === 0) return () => undefined;
    const watched = { looks, onGone };
    this.all.add(watched);
    this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
    return () => this.end(watched);
  }

  private look(): void {
    for (const watched of [...this.all]) {
      const gone = [...watched.looks].find(([path, look]) => identityOf(path) !== look);
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

/** Which thing a path leads to; what is in it does not matter. */
export function identityOf(path: string): string {
  const stat = statOf(path);
  return stat ? `${stat.dev}:${stat.ino}:${stat.birthtimeNs}` : 'missing';
}
