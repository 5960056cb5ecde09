import type { Principal, Role } from './principal.js';

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
] as const;

export type Right = (typeof RIGHTS)[number];

const GRANTS: Record<Role, ReadonlySet<Right>> = { operator: new Set(RIGHTS) };

/** True when the principal's role grants the right; every other right is denied. */
export const may = (principal: Pick<Principal, 'role'>, right: Right): boolean =>
  GRANTS[principal.role].has(right);
