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

/** The walls in the project, and what they lie on as far as somebody can take it away from under them. */
export interface ProjectRules extends Pick<SandboxRules, 'opened' | 'hidden'> {
  looks: FileIdentities;
}

/**
 * The walls in the project that a script's grants leave open. Directories (and files) that a `write` scope
 * names and that are not there are made: a mount needs something to lie on. So is what a script must not make.
 * @throws MissionError where no wall can be put around something inside what a scope opens
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

/** Puts walls into what is writable. Outer ones come first. */
class WallPlan {
  /** Whether a path is writable, with all below it that is not named here. */
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

  /** Makes it read-only, unless a scope names it. */
  close(place: PathEntry): void {
    if (this.opened.get(place.path) || !this.secure(place)) return;
    this.opened.set(place.path, false);
  }

  hide(place: PathEntry): void {
    if (place.path === this.project) return;
    // It may come, or be replaced, while the process runs.
    this.watched.add(place.path);
    const isThere = this.secure(place) || statOf(place.path);
    if (isThere) this.hidden.push(place);
  }

  made(): ProjectRules {
    const opened = [...this.opened].map(([path, writable]) => ({ path, writable }));
    return {
      opened: outermostFirst(opened),
      hidden: this.hidden,
      looks: new Map([...this.watched].map((path) => [path, identityOf(path)])),
    };
  }

  /**
   * Makes sure that a wall can lie on a place and stays there: there is something, and no directory above it can be
   * renamed, which takes a mount of its own. False where nothing around it is writable.
   */
  private secure(place: PathEntry): boolean {
    const around = this.around(place.path);
    if (around === undefined) return false;
    const between = pathsBetween(around, place.path);
    fill(this.project, place, between);
    for (const path of between) this.opened.set(path, true);
    for (const path of [...between, place.path]) this.watched.add(path);
    return true;
  }

  /** The writable thing that a path is in; undefined when the innermost one that it is in is not writable. */
  private around(path: string): string | undefined {
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

/** False when it cannot be made, or something on the way is a link: then the script does without. */
function make(project: string, named: PathEntry): boolean {
  try {
    makePath(project, named);
    return true;
  } catch {
    return false;
  }
}

/** Also what is not there yet. */
function namedBy(project: string, scope: string): PathEntry[] {
  const { named, missing } = expandScope(project, scope);
  return missing ? [...named, missing] : named;
}

/** Makes what is not there. A link cannot be mounted on: a script could put something else in its place. */
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

/** The directories below one path and above another. */
function pathsBetween(above: string, path: string): string[] {
  const names = relative(above, dirname(path)).split(sep).filter(Boolean);
  return names.map((_, i) => join(above, ...names.slice(0, i + 1)));
}

/** Directories that scopes open without what is deeper; another scope may open that all the same. */
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

const INSTEAD = 'or name directories in the permissions of the directive, not what is around it';

function linked(path: string): MissionError {
  const message = `${path} is a link, which scripts that may write around it could replace; put what it leads to in its place, ${INSTEAD}`;
  return new MissionError('permission_denied', message, undefined, { retryable: false });
}

function notMade(path: string, cause: Error): MissionError {
  const message = `${path} is not there and cannot be made, so that scripts that may write around it could make it: ${cause.message}; make it, ${INSTEAD}`;
  return new MissionError('internal', message, undefined, { cause, retryable: true });
}
