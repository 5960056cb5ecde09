import { copyFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 20 * 1024 * 1024;
const EVERY_MS = 30_000;

/**
 * Copies a log that has grown too long to `NAME.1` and truncates it. Writers
 * append, so that truncating is safe.
 */
export function rotate(directory: string, maxBytes = MAX_BYTES): void {
  for (const name of readdirSync(directory).filter((entry) => entry.endsWith('.log'))) {
    const file = join(directory, name);
    if (statSync(file).size <= maxBytes) continue;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  }
}

/** Rotates the logs at an interval; returns a function that stops this. */
export function keepRotating(directory: string): () => void {
  const timer = setInterval(() => {
    try {
      rotate(directory);
    } catch {
      // A full disk must not end the supervisor; the next round tries again.
    }
  }, EVERY_MS);
  return () => clearInterval(timer);
}
