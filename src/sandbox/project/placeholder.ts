import { join } from 'node:path';

import type { PathEntry } from './expand-scope.js';
import { makePath } from './make-path.js';
import { statOf } from './stat-of.js';

/** What is written into what is made. */
export const PLACEHOLDER_NOTE =
  '# Mission Control made this so that no script can. Make of it what you like, or remove it while no script runs.\n';

/**
 * Puts something where nothing is: a wall needs something to lie on, and where one lies no script can make anything.
 * It is left there: another process, or another worker's, may count on it, and nothing tells when the last has ended.
 * @throws the error of the file system
 */
export function placeholder(project: string, place: PathEntry): void {
  if (statOf(place.path)) return;
  const note: PathEntry = { path: join(place.path, 'README'), kind: 'file' };
  try {
    makePath(project, place.kind === 'file' ? place : note, PLACEHOLDER_NOTE);
  } catch (error) {
    // Another worker was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
