import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Walls } from '../../platform/jail/jailed-command.js';
import { expandScope, type Named } from './expand-scope.js';
import type { Grants } from './grants.js';

/** What would make more of a script than its directive allows: writable only for a scope that names it. */
const PROTECTED = ['.ai', '.git', 'mission.yaml'];

/**
 * The walls in the project that a script's grants leave open. Directories (and files) that a `write` scope
 * names and that are not there are made: a mount needs something to lie on.
 * @param confidential what no script may see
 */
export function projectWalls(
  project: string,
  { writes, hides }: Grants,
  confidential: readonly Named[],
): Pick<Walls, 'opened' | 'hidden'> {
  const named = writes.flatMap((scope) => openScope(project, scope));
  const writable = new Set(named.map(({ path }) => path));
  const kept = named.flatMap((each) => keptOf(project, each)).filter((path) => !writable.has(path));
  const paths = [...new Set([...writable, ...kept])].sort();
  const hidden = [...hides.flatMap((scope) => expandScope(project, scope).named), ...confidential];
  return {
    opened: paths.map((path) => ({ path, writable: writable.has(path) })),
    hidden: hidden.filter(({ path }) => path !== project),
  };
}

function openScope(project: string, scope: string): Named[] {
  const { named, missing } = expandScope(project, scope);
  if (missing && make(project, missing)) return [...named, missing];
  return named;
}

/** False when it cannot be made, or something on the way is a link: then the script does without. */
function make(project: string, { path, kind }: Named): boolean {
  try {
    const folder = kind === 'directory' ? path : dirname(path);
    let at = project;
    for (const name of relative(project, folder).split(sep).filter(Boolean)) {
      at = join(at, name);
      if (!existsSync(at)) mkdirSync(at);
      if (!lstatSync(at).isDirectory()) return false;
    }
    if (kind === 'file') writeFileSync(path, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** What stays read-only inside something that is writable, unless another scope names it. */
function keptOf(project: string, { path, shallow }: Named): string[] {
  const rest = path === project ? PROTECTED.map((name) => join(project, name)) : [];
  return [...rest, ...(shallow ? subdirectories(path) : [])].filter((kept) => existsSync(kept));
}

function subdirectories(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}
