import { readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

import { MissionError } from '../../contracts/errors.js';
import type { SandboxRules } from '../bubblewrap/jailed-command.js';
import { expandScope, type PathEntry } from './expand-scope.js';
import type { Grants } from './grants.js';
import { makePath } from './make-path.js';
import { placeholder } from './placeholder.js';
import type { ProtectedPaths } from './protected-paths.js';
import { statOf } from './stat-of.js';
import { identityOf, type FileIdentities } from './mount-watch.js';

/**
 * The mount rules for a project, and the identities of the paths that must not
 * be replaced while a process runs.
 */
export interface ProjectRules extends Pick<SandboxRules, 'opened' | 'hidden'> {
  identities: FileIdentities;
}

/**
 * Computes the mounts of the project for a script's grants. Directories and
 * files that a `write` scope names and that do not exist are created, because a
 * mount needs a target. Protected paths that do not exist are created as well,
 * so that no script can create them.
 * @throws MissionError where a protected path inside a writable scope cannot be
 * mounted over
 */
export function projectRules(
  project: string,
  { writes, hides }: Grants,
  keeps: ProtectedPaths,
): ProjectRules {
  const skipped = new Set(keeps.closed.map(({ path }) => path));
  const named = writes.flatMap((scope) => openScope(project, scope, skipped));
  const walls = new WallPlan(project, named);
  for (const place of outermostFirst(keeps.closed)) walls.close(place);
  const hidden = [...hides.flatMap((scope) => namedBy(project, scope)), ...keeps.hidden];
  for (const place of outermostFirst(hidden)) walls.hide(place);
  return walls.made();
}

/**
 * Adds read-only and hidden paths to the writable ones. Add outer paths before
 * inner ones.
 */
class WallPlan {
  /**
   * Whether a path is writable; it holds for everything below the path that has
   * no entry of its own.
   */
  private readonly opened = new Map<string, boolean>();
  private readonly hidden: PathEntry[] = [];
  private readonly watched = new Set<string>();

  constructor(
    private readonly project: string,
    named: readonly PathEntry[],
  ) {
    for (const path of flatOf(named).flatMap(subdirectories)) this.opened.set(path, false);
    for (const { path } of named) this.opened.set(path, true);
  }

  /** Makes a path read-only, unless a scope names it. */
  close(place: PathEntry): void {
    if (this.opened.get(place.path) || !this.secure(place)) return;
    this.opened.set(place.path, false);
  }

  hide(place: PathEntry): void {
    if (place.path === this.project) return;
    // The path may be created or replaced while the process runs.
    this.watched.add(place.path);
    const isThere = this.secure(place) || statOf(place.path);
    if (isThere) this.hidden.push(place);
  }

  made(): ProjectRules {
    const opened = [...this.opened].map(([path, writable]) => ({ path, writable }));
    return {
      opened: outermostFirst(opened),
      hidden: this.hidden,
      identities: new Map([...this.watched].map((path) => [path, identityOf(path)])),
    };
  }

  /**
   * Ensures that a mount can be placed on a path and stays there: the path
   * exists, and no directory above it can be renamed, for which each of them
   * gets a mount of its own. Returns false where nothing above the path is
   * writable.
   */
  private secure(place: PathEntry): boolean {
    const around = this.writableAround(place.path);
    if (around === undefined) return false;
    const between = pathsBetween(around, place.path);
    fill(this.project, place, between);
    for (const path of between) this.opened.set(path, true);
    for (const path of [...between, place.path]) this.watched.add(path);
    return true;
  }

  /**
   * The innermost listed directory above a path; undefined when that one is not
   * writable.
   */
  private writableAround(path: string): string | undefined {
    for (let at = dirname(path); at.length >= this.project.length; at = dirname(at)) {
      const isWritable = this.opened.get(at);
      if (isWritable !== undefined) return isWritable ? at : undefined;
    }
    return undefined;
  }
}

function openScope(project: string, scope: string, skipped: ReadonlySet<string>): PathEntry[] {
  const { named, missing } = expandScope(project, scope, skipped);
  if (missing && make(project, missing)) return [...named, missing];
  return named;
}

/**
 * Returns false when the path cannot be created or a link stands in the way;
 * the script then runs without that path.
 */
function make(project: string, named: PathEntry): boolean {
  try {
    makePath(project, named);
    return true;
  } catch {
    return false;
  }
}

/** The paths that a scope names, the missing one included. */
function namedBy(project: string, scope: string): PathEntry[] {
  const { named, missing } = expandScope(project, scope);
  return missing ? [...named, missing] : named;
}

/**
 * Creates a protected path if it is missing. A link cannot be a mount target,
 * because a script could replace it.
 */
function fill(project: string, place: PathEntry, between: readonly string[]): void {
  const link = [...between, place.path].find(isLink);
  if (link !== undefined) throw linked(relative(project, link));
  try {
    placeholder(project, place);
  } catch (cause) {
    throw notMade(relative(project, place.path), cause as Error);
  }
}

const isLink = (path: string) => statOf(path)?.isSymbolicLink() ?? false;

/** The directories between two paths, without either. */
function pathsBetween(above: string, path: string): string[] {
  const names = relative(above, dirname(path)).split(sep).filter(Boolean);
  return names.map((_, i) => join(above, ...names.slice(0, i + 1)));
}

/**
 * Directories opened without their sub-directories, except those that another
 * scope opens as a whole.
 */
function flatOf(named: readonly PathEntry[]): string[] {
  const whole = named.filter(({ shallow }) => !shallow).map(({ path }) => `${path}/`);
  const flat = named.filter(({ shallow }) => shallow).map(({ path }) => path);
  return flat.filter((path) => !whole.some((each) => `${path}/`.startsWith(each)));
}

function subdirectories(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}

const outermostFirst = <T extends { path: string }>(places: readonly T[]): T[] =>
  places.toSorted((a, b) => (a.path < b.path ? -1 : 1));

const INSTEAD =
  'or make the permissions of the directive narrower, so that they do not include its folder';

function linked(path: string): MissionError {
  const message = `${path} is a symbolic link, which scripts with write permission for its folder could replace; replace the link by its target, ${INSTEAD}`;
  return new MissionError('permission_denied', message, undefined, { retryable: false });
}

function notMade(path: string, cause: Error): MissionError {
  const message = `${path} does not exist and cannot be created, so scripts with write permission for its folder could create it: ${cause.message}; create it, ${INSTEAD}`;
  return new MissionError('internal', message, undefined, { cause, retryable: true });
}
