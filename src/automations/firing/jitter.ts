import { createHash } from 'node:crypto';

/** Milliseconds by which the run of one due time begins later: at most `seconds`, and always the same for this key. */
export function jitterMs(key: string, seconds: number): number {
  if (seconds === 0) return 0;
  const part = createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
  return Math.floor(part * seconds * 1_000);
}
