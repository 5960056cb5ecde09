import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { containsPath } from '../../platform/files/contains-path.js';
import type { PathEntry } from './expand-scope.js';
import { statOf } from './stat-of.js';

/** What scripts may not do in a project, or see, whatever their scopes. Paths are absolute. */
export interface ProtectedPaths {
  /** What would make more of a script than its directive allows: writable only for a scope that names it. */
  closed: PathEntry[];
  /** What no script may see. */
  hidden: PathEntry[];
}

const OWN: readonly PathEntry[] = [
  { path: '.ai', kind: 'directory' },
  { path: '.git', kind: 'directory' },
  { path: 'mission.yaml', kind: 'file' },
];
/** As many as the kernel follows. */
const MAX_LINKS = 40;

/**
 * What to keep from scripts, as it is seen by way of the project, as far as it lies there; so are links on the way to
 * it, for who puts something else in place of a link changes what is found behind it.
 * @param closed what is not to be changed besides what every project has
 * @param confidential what is not to be seen; may not be there yet
 * @param visible what can be read outside the project; something confidential may lie there, too
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

/** Says where in a directory, as it is named here, a path lies that leads through no link. */
function placesIn(directory: string): (path: string, kind: PathEntry['kind']) => PathEntry[] {
  const root = realpathSync(directory);
  return (path, kind) => {
    if (path === root || !containsPath(root, path)) return [];
    return [{ path: join(directory, relative(root, path)), kind }];
  };
}

/** The links on the way to a path, and where it ends; neither needs to be there. */
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
