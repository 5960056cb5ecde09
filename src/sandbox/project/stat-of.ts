import { lstatSync, type BigIntStats } from 'node:fs';

/**
 * The status of a path, without following a link; undefined where nothing
 * exists or the status cannot be read.
 */
export function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
