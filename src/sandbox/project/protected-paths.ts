import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { containsPath } from '../../platform/files/contains-path.js';
import type { PathEntry } from './expand-scope.js';
import { statOf } from './stat-of.js';

/**
 * Paths that scripts may not change or see, whatever their scopes. Paths are
 * absolute.
 */
export interface ProtectedPaths {
  /**
   * Paths whose change would give a script more rights than its directive
   * allows: writable only for a scope that names them.
   */
  closed: PathEntry[];
  /** Paths that no script may see. */
  hidden: PathEntry[];
}

const OWN: readonly PathEntry[] = [
  { path: '.ai', kind: 'directory' },
  { path: '.git', kind: 'directory' },
  { path: 'mission.yaml', kind: 'file' },
];
/** The kernel follows the same number of links in one path. */
const MAX_LINKS = 40;

/**
 * Finds the protected paths that are reachable through the project, and the
 * links that lead to them: replacing such a link would change what is found
 * behind it.
 * @param closed paths that are read-only besides those that every project has
 * @param confidential paths that are hidden; they need not exist yet
 * @param visible directories readable outside the project, where a confidential
 * path may also lie
 */
export function protectedPathsOf(
  project: string,
  closed: readonly PathEntry[],
  confidential: readonly string[],
  visible: readonly string[] = [],
): ProtectedPaths {
  const inside = placesIn(project);
  const seen = [inside, ...visible.filter(existsSync).map(placesIn)];
  const links = (path: string) => follow(path).links.flatMap((link) => inside(link, 'file'));
  const own = [...OWN.map(({ path, kind }) => ({ path: join(project, path), kind })), ...closed];
  return {
    closed: [
      ...own.flatMap(({ path, kind }) => [...links(path), ...inside(follow(path).end, kind)]),
      ...confidential.flatMap(links),
    ],
    hidden: confidential.flatMap((path) =>
      seen.flatMap((places) => places(follow(path).end, kindOf(path))),
    ),
  };
}

/**
 * Returns a function that maps a path without links to its place below a
 * directory, under the name that the caller uses for that directory.
 */
function placesIn(directory: string): (path: string, kind: PathEntry['kind']) => PathEntry[] {
  const root = realpathSync(directory);
  return (path, kind) => {
    if (path === root || !containsPath(root, path)) return [];
    return [{ path: join(directory, relative(root, path)), kind }];
  };
}

/**
 * The links on the way to a path, and the path with all links resolved; neither
 * needs to exist.
 */
function follow(path: string): { links: string[]; end: string } {
  const links: string[] = [];
  let [at, ahead] = ['/', path.split('/').filter(Boolean)];
  while (ahead.length > 0) {
    const next = join(at, ahead[0]!);
    ahead = ahead.slice(1);
    const isLink = links.length < MAX_LINKS && statOf(next)?.isSymbolicLink();
    if (isLink) {
      links.push(next);
      ahead = [...resolve(at, readlinkSync(next)).split('/').filter(Boolean), ...ahead];
    }
    at = isLink ? '/' : next;
  }
  return { links, end: at };
}

const kindOf = (path: string): PathEntry['kind'] =>
  statOf(follow(path).end)?.isDirectory() ? 'directory' : 'file';
