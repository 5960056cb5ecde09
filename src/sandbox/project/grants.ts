import { parsePermission, type Permission } from '../../contracts/permission.js';

/** The files and hosts that permission tags open to a script. */
export interface Grants {
  /**
   * Globs of writable paths, relative to the project; `**` is the whole
   * project.
   */
  writes: string[];
  /** Globs of paths that the script may not see. */
  hides: string[];
  /**
   * `host[:port]` globs of hosts that the script may connect to; `**` is every
   * host.
   */
  hosts: string[];
  /**
   * `host[:port]` globs that the script may not connect to; they override
   * `hosts`.
   */
  blocked: string[];
}

const ALL = '**';

/**
 * Reads a directive's permission tags; null (a directive without permissions)
 * grants nothing.
 */
export function readGrants(tags: readonly string[] | null): Grants {
  const known = (tags ?? []).map(parsePermission).filter((tag) => tag !== undefined);
  const of = (resource: string, verbs: readonly string[]) =>
    known.filter((tag) => isOf(tag, resource) && verbs.includes(tag.verb)).map(scopeOf);
  const denied = of('filesystem', ['deny']);
  return {
    writes: denied.includes(ALL) ? [] : of('filesystem', ['write', 'delete']),
    hides: denied.filter((scope) => scope !== ALL),
    hosts: of('network', ['read', 'write', 'execute']),
    blocked: of('network', ['deny']),
  };
}

const isOf = ({ resource }: Permission, wanted: string) => resource === '*' || resource === wanted;

const scopeOf = ({ scope }: Permission) => scope ?? ALL;
