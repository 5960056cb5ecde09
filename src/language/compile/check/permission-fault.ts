import { hostScopeIn, isHostScope } from '../../../contracts/host-scope.js';
import {
  parsePermission,
  type Permission,
  type PermissionVerb,
} from '../../../contracts/permission.js';
import { OTHER_NAMES, type Resource, RESOURCES } from '../../definition/resources.js';
import { nearest } from '../../text/nearest.js';

/** Why a tag has no effect. `code` is an error, or a warning where a future system script might use the name. */
export interface PermissionFault {
  code: 'invalid_permission' | 'unknown_permission';
  message: string;
  hint: string;
}

type Parts = Pick<Permission, 'verb' | 'resource' | 'scope'>;

/**
 * Finds the problem of a well-formed permission; undefined = the permission grants or denies something.
 * @param scriptRights rights that system scripts need; resources that only scripts use are known from these alone
 */
export function permissionFault(
  permission: Permission,
  scriptRights: readonly string[],
): PermissionFault | undefined {
  const { resource } = permission;
  if (resource === '*') return undefined;
  const own = Object.hasOwn(RESOURCES, resource) ? RESOURCES[resource] : undefined;
  const asked = scriptRights.map(parsePermission).filter((right) => right !== undefined);
  const verbs = asked.filter((right) => right.resource === resource).map(({ verb }) => verb);
  if (own) return verbFault(permission, [...own.verbs, ...verbs]) ?? scopeFault(permission, own);
  const names = asked.map((right) => right.resource);
  if (verbs.length === 0) return unknownResource(permission, names);
  return unscoped(permission) ?? scriptVerbFault(permission, verbs);
}

function verbFault(
  { verb, resource, scope }: Parts,
  verbs: readonly PermissionVerb[],
): PermissionFault | undefined {
  if (verb === 'deny' || verbs.includes(verb)) return undefined;
  const tag = tagOf({ verb, resource, scope });
  return {
    code: 'invalid_permission',
    message: `"${tag}" grants nothing: no step needs ${verb} for ${resource}`,
    hint: hintFor({ verb: verbs[0]!, resource, scope }),
  };
}

/** Like {@link verbFault}, but a warning, since a future system script may need the verb. */
function scriptVerbFault(
  permission: Parts,
  verbs: readonly PermissionVerb[],
): PermissionFault | undefined {
  const fault = verbFault(permission, verbs);
  return fault && { ...fault, code: 'unknown_permission' };
}

/** Reports a scope on a resource without scopes: the tag would grant or deny something else than it says. */
function unscoped({ verb, resource, scope }: Parts): PermissionFault | undefined {
  if (scope === undefined) return undefined;
  const message = `"${tagOf({ verb, resource, scope })}" has a scope, but ${resource} takes none`;
  return { code: 'invalid_permission', message, hint: `write "${verb}:${resource}"` };
}

function unknownResource(
  { verb, resource, scope }: Permission,
  scriptResources: readonly string[],
): PermissionFault {
  const tag = tagOf({ verb, resource, scope });
  const near = Object.hasOwn(OTHER_NAMES, resource)
    ? OTHER_NAMES[resource]
    : nearest(resource, [...Object.keys(RESOURCES), ...scriptResources]);
  if (near !== undefined) {
    const message = `"${tag}" ${does(verb)} nothing: there is no resource "${resource.slice(0, 64)}"`;
    return { code: 'invalid_permission', message, hint: hintFor(known(verb, near, scope)) };
  }
  const message = `no step ever needs "${tag}"`;
  const hint = /^scripts?$|^tools?$/.test(resource)
    ? 'remove it: scripts need no permission to run'
    : `remove it; the resources are ${Object.keys(RESOURCES).join(', ')}, and those of system scripts`;
  return { code: 'unknown_permission', message, hint };
}

/** The nearest existing right: its verb is one that the resource has. */
function known(verb: PermissionVerb, resource: string, scope: string | undefined): Parts {
  const { verbs = [verb] } = RESOURCES[resource] ?? {};
  if (verb === 'deny' || verbs.includes(verb)) return { verb, resource, scope };
  if (verb === 'read' && resource === 'mcp_gateway') return { verb, resource: 'mcps', scope };
  return { verb: verbs[0]!, resource, scope };
}

function scopeFault(permission: Parts, rule: Resource): PermissionFault | undefined {
  const { resource, scope } = permission;
  if (scope === undefined || resource === 'filesystem') return undefined;
  const fits = resource === 'network' ? isHostScope(scope) : rule.pattern!.test(scope);
  if (fits) return undefined;
  const message = `"${tagOf(permission)}" ${does(permission.verb)} nothing: its scope must be ${rule.scope}, and "${scope.slice(0, 80)}" is not`;
  return { code: 'invalid_permission', message, hint: scopeHint(permission, rule) };
}

function scopeHint({ verb, resource, scope = '' }: Parts, rule: Resource): string {
  const better =
    resource === 'network'
      ? hostScopeIn(scope)
      : [/^secret:\/\/(.+)$/, /^([^/@]+)[/@]/].map((part) => part.exec(scope)?.[1]).find(Boolean);
  if (better !== undefined && (rule.pattern?.test(better) ?? true)) {
    const what = resource === 'network' ? 'write the host, not an address' : 'write only the name';
    return `${what}: "${tagOf({ verb, resource, scope: better })}"`;
  }
  return `write it like "${tagOf({ verb, resource, scope: rule.example })}"`;
}

/** The hint for the intended permission. It keeps the scope if that is valid for the resource. */
function hintFor({ verb, resource, scope }: Parts): string {
  const rule = RESOURCES[resource];
  const keepsScope = scope !== undefined && rule && !scopeFault({ verb, resource, scope }, rule);
  const host = resource === 'network' && scope !== undefined ? hostScopeIn(scope) : undefined;
  return `did you mean "${tagOf({ verb, resource, scope: keepsScope ? scope : host })}"?`;
}

const does = (verb: PermissionVerb): string => (verb === 'deny' ? 'denies' : 'grants');

const tagOf = ({ verb, resource, scope }: Parts): string =>
  `${verb}:${resource.slice(0, 64)}${scope === undefined ? '' : `:${scope.slice(0, 80)}`}`;
