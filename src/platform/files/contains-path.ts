import { isAbsolute, relative } from 'node:path';

/** Whether a path is a folder, or lies in it, by their names alone. */
export function containsPath(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split('/')[0] !== '..';
}
