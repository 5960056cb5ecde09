import { realpathSync } from 'node:fs';
import { parsePermission } from '../../contracts/permission.js';
import { JAILS_OWN, outsidePath } from '../../platform/config/config-mcp-permissions.js';
import { containsPath } from '../../platform/files/contains-path.js';
import type { JailOptions } from '../jail.js';
import type { StdioServer } from './server-process.js';

/**
 * The paths that a jailed server may read besides the system and the project:
 * the files of its program, its working directory and the paths that its
 * permissions name.
 * @throws Error with the reason, when one of them is confidential
 */
export function readablePathsOf(
  { cwd, permissions = [] }: StdioServer,
  needed: readonly string[],
  { project, confidential }: Pick<JailOptions, 'project' | 'confidential'>,
): string[] {
  const granted = permissions
    .map((tag) => readable(project, tag))
    .filter((path) => path !== undefined);
  const seen = [...needed, cwd, ...granted].filter(
    (path) =>
      !containsPath(project, path) && !containsPath('/usr', path) && !JAILS_OWN.includes(path),
  );
  const kept = confidential.map(realOf);
  const secret = seen.find((path) => kept.some((each) => containsPath(each, realOf(path))));
  if (secret === undefined) return seen;
  const why = 'keys or data of Mission Control, which no sandboxed process may see';
  throw new Error(`${secret} is among ${why}; move it elsewhere`);
}

function readable(project: string, tag: string): string | undefined {
  const { verb, resource, scope } = parsePermission(tag) ?? {};
  const isNamed = verb === 'read' && resource === 'filesystem' && scope !== undefined;
  return isNamed ? outsidePath(project, scope) : undefined;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
