import { isAbsolute, relative } from 'node:path';

/**
 * Whether a path is a directory or lies below it. Compares names only and does
 * not resolve links.
 */
export function containsPath(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split('/')[0] !== '..';
}
