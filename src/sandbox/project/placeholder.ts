import { join } from 'node:path';

import type { PathEntry } from './expand-scope.js';
import { makePath } from './make-path.js';
import { statOf } from './stat-of.js';

/** The content of a placeholder file. */
export const PLACEHOLDER_NOTE =
  '# Mission Control created this file so that no script can create it. You may edit it, or remove it while no script runs.\n';

/**
 * Creates a placeholder where a protected path does not exist: a mount needs a
 * target, and an existing path cannot be created by a script. The placeholder
 * stays, because another process or worker may rely on it and no one knows when
 * the last of them has ended.
 * @throws the error of the file system
 */
export function placeholder(project: string, place: PathEntry): void {
  if (statOf(place.path)) return;
  const note: PathEntry = { path: join(place.path, 'README'), kind: 'file' };
  try {
    makePath(project, place.kind === 'file' ? place : note, PLACEHOLDER_NOTE);
  } catch (error) {
    // Another worker has created it in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
