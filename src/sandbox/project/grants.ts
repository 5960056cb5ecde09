import { parsePermission, type Permission } from '../../contracts/permission.js';

/** What permission tags open to a script. */
export interface Grants {
  /** Globs, relative to the project, of what it may write; `**` is all of it. */
  writes: string[];
  /** Globs of what it may not see. */
  hides: string[];
  /** `host[:port]` globs that it may connect to; `**` is every host. */
  hosts: string[];
  /** Globs of hosts that it may not connect to, whatever the others say. */
  blocked: string[];
}

const ALL = '**';

/** Reads a directive's tags; null (the directive has none) opens nothing. */
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
