import { lstatSync, type BigIntStats } from 'node:fs';

/** What is at a path, itself if it is a link; undefined where nothing is, or nothing can be looked at. */
export function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
