import { permits } from '../contracts/permission.js';
import type { Principal } from './principal.js';
import { rightsOfRole } from './roles.js';

/** All rights that a handler can require. */
export const RIGHTS = [
  'read:executions',
  'write:executions:cancel',
  'write:executions:force_cancel',
  'write:executions:pause',
  'write:executions:resume',
  'write:executions:signal',
  'write:executions:rerun',
  'write:executions:shadow',
  'execute:directives',
  'read:directives',
  'write:directives',
  'write:knowledge',
  'read:automations',
  'write:automations',
  'read:mcps',
  'execute:mcp_gateway',
  'read:logs',
  'read:alerts',
  'read:approvals',
  'write:approvals',
  'read:audit',
  'read:metrics',
  'read:payloads',
  'read:secrets',
  'write:secrets',
  'delete:secrets',
  'read:keys',
  'write:keys',
] as const;

export type Right = (typeof RIGHTS)[number];

/** The rights of a caller, as permission tags; null = everything. */
export const rightsOf = ({ role, rights }: Pick<Principal, 'role' | 'rights'>) =>
  rights === undefined ? rightsOfRole(role) : rights;

/**
 * True when a caller's role and key grant a right; every other right is denied. A right may name one thing, such as
 * `execute:directives:deploy`.
 */
export function may(
  principal: Pick<Principal, 'role' | 'rights' | 'readOnly'>,
  right: Right | `${Right}:${string}`,
): boolean {
  if (principal.readOnly === true && !right.startsWith('read:')) return false;
  return permits(rightsOf(principal), right);
}
