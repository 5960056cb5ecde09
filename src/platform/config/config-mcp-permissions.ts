import { isAbsolute, resolve } from 'node:path';
import { hostScopeIn, isHostScope } from '../../contracts/host-scope.js';
import { parsePermission, type PermissionVerb } from '../../contracts/permission.js';
import { containsPath } from '../files/contains-path.js';

/**
 * The permissions that an operator can grant to a jailed MCP server, by
 * resource.
 */
const GRANTABLE: Readonly<Record<string, readonly PermissionVerb[]>> = {
  filesystem: ['read', 'write', 'delete', 'deny'],
  network: ['read', 'write', 'execute', 'deny'],
};
/** Paths that every jail replaces by its own. */
export const JAILS_OWN = ['/', '/dev', '/proc', '/tmp'];

/**
 * Describes an invalid permission of an MCP server; undefined when it is valid.
 */
export function permissionFault(tag: string, project: string): string | undefined {
  const permission = parsePermission(tag);
  if (!permission) {
    return `"${tag}" is not a permission: write verb:resource[:scope], such as write:filesystem:exports/**`;
  }
  const { verb, resource, scope } = permission;
  const verbs = GRANTABLE[resource];
  if (!verbs)
    return `"${tag}" is not allowed here: an MCP server can only get permissions for filesystem and network`;
  if (!verbs.includes(verb)) return `"${tag}" is not allowed here: write ${verbs.join(', ')}`;
  if (resource === 'network') return hostFault(tag, verb, scope);
  if (scope === undefined || !leaves(project, scope)) return undefined;
  if (verb === 'read' && outsidePath(project, scope) !== undefined) return undefined;
  return `"${tag}" is outside the project: there, a server can only get read:filesystem:/absolute/path`;
}

function hostFault(tag: string, verb: string, scope: string | undefined): string | undefined {
  if (scope === undefined || isHostScope(scope)) return undefined;
  const host = hostScopeIn(scope) ?? 'api.example.com:443';
  return `"${tag}" is not valid: a network scope is a host, or host:port: write ${verb}:network:${host}`;
}

/**
 * The path outside the project that a `read:filesystem` scope names, with
 * everything below it; undefined when it names none.
 */
export function outsidePath(project: string, scope: string): string | undefined {
  const path = resolve('/', scope.replace(/\/\*\*$/, ''));
  const isPlain = isAbsolute(scope) && !/[*?]/.test(path) && !JAILS_OWN.includes(path);
  return isPlain && leaves(project, scope) ? path : undefined;
}

const leaves = (project: string, scope: string) => !containsPath(project, resolve(project, scope));
