import { statSync } from 'node:fs';

/** Longest time until a change of a file is noticed. */
const FRESH_MS = 100;

/**
 * Reports whether any of a script's files was changed since it was loaded;
 * cheap enough to check before every call.
 */
export class FileWatch {
  private readonly stamps = new Map<string, string>();
  private checkedAt = Date.now();
  private changed = false;

  constructor(files: readonly string[]) {
    this.add(files);
  }

  add(files: readonly string[]): void {
    for (const file of files) if (!this.stamps.has(file)) this.stamps.set(file, stampOf(file));
  }

  get isStale(): boolean {
    const now = Date.now();
    if (!this.changed && now - this.checkedAt >= FRESH_MS) {
      this.checkedAt = now;
      this.changed = [...this.stamps].some(([file, stamp]) => stampOf(file) !== stamp);
    }
    return this.changed;
  }
}

function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}` : 'missing';
}
