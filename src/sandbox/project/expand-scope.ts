import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { globMatches } from '../../contracts/permission.js';

/** A file or directory of the project that a scope names. */
export interface PathEntry {
  /** Absolute path; no part of it is a link. */
  path: string;
  kind: 'directory' | 'file';
  /**
   * True for a directory that is named with its entries but without its
   * sub-directories (`dir/*`).
   */
  shallow?: boolean;
}

/** The paths on the disk that match a scope. */
export interface Expanded {
  named: PathEntry[];
  /**
   * The file or directory that the scope names literally and that does not
   * exist.
   */
  missing?: PathEntry;
}

const MAX_NAMED = 200;
const MAX_SEEN = 20_000;

/**
 * Finds the paths that a `filesystem` scope names in a project, in a form that
 * mounts can express: `a/**` and `a` are the directory `a`, `a/*` is the same
 * without its sub-directories, and a pattern such as `a/*.md` is the files that
 * exist now. Links are not followed; a scope that leaves the project names
 * nothing.
 * @param skipped paths that no pattern matches: only a scope with their literal
 * name opens them
 */
export function expandScope(
  project: string,
  scope: string,
  skipped: ReadonlySet<string> = new Set(),
): Expanded {
  const segments = segmentsOf(project, scope);
  if (!segments) return { named: [] };
  const search: Search = { skipped, seen: 0, named: [], missing: undefined };
  walk(search, project, segments);
  return search.missing ? { named: search.named, missing: search.missing } : search;
}

interface Search {
  skipped: ReadonlySet<string>;
  seen: number;
  named: PathEntry[];
  missing: PathEntry | undefined;
}

function segmentsOf(project: string, scope: string): string[] | undefined {
  const path = isAbsolute(scope) ? relative(project, scope) : scope;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return isAbsolute(path) || segments.includes('..') ? undefined : segments;
}

const isPattern = (segment: string) => /[*?]/.test(segment);

function walk(search: Search, at: string, [first, ...rest]: readonly string[]): void {
  if (search.named.length >= MAX_NAMED) return;
  if (first === undefined || (first === '**' && rest.length === 0)) return name(search, at);
  if (first === '*' && rest.length === 0) return name(search, at, true);
  if (first === '**') return anywhere(search, at, rest);
  if (!isPattern(first)) return enter(search, join(at, first), rest);
  for (const entry of entriesOf(search, at)) {
    if (globMatches(first, entry.name)) enter(search, join(at, entry.name), rest);
  }
}

/** Continues the walk at a path whose name contains no pattern. */
function enter(search: Search, path: string, rest: readonly string[]): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return walk(search, path, rest);
  if (stat) return stat.isFile() && rest.length === 0 ? name(search, path) : undefined;
  const folder = rest.at(-1);
  const isFolder = folder === '**' || folder === '*';
  const names = isFolder ? rest.slice(0, -1) : rest;
  if (names.some(isPattern)) return;
  const kind = isFolder ? 'directory' : 'file';
  search.missing = { path: join(path, ...names), kind };
}

function anywhere(search: Search, at: string, rest: readonly string[]): void {
  walk(search, at, rest);
  for (const entry of entriesOf(search, at)) {
    if (entry.isDirectory()) anywhere(search, join(at, entry.name), rest);
  }
  // `**` matches at any depth: a name that is absent from one directory is not
  // missing.
  search.missing = undefined;
}

function entriesOf(search: Search, directory: string): Dirent[] {
  if (search.seen >= MAX_SEEN) return [];
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    search.seen += entries.length;
    return entries.filter(({ name }) => !search.skipped.has(join(directory, name)));
  } catch {
    return [];
  }
}

function name(search: Search, path: string, shallow = false): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory())
    search.named.push({ path, kind: 'directory', ...(shallow && { shallow }) });
  else if (stat?.isFile()) search.named.push({ path, kind: 'file' });
}
