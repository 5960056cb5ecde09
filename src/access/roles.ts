import type { Permissions } from '../contracts/permission.js';

/** The built-in roles and their rights; null = everything. */
export const ROLES: Readonly<Record<string, Permissions>> = {
  admin: null,
  operator: null,
  developer: [
    'read:executions',
    'read:directives',
    'read:automations',
    'read:mcps',
    'read:logs',
    'read:alerts',
    'read:approvals',
    'read:metrics',
    'read:secrets',
    'execute:directives',
    'execute:mcp_gateway',
    'write:directives',
    'write:automations',
    'write:executions',
    'write:approvals',
  ],
  viewer: [
    'read:executions',
    'read:directives',
    'read:automations',
    'read:mcps',
    'read:logs',
    'read:alerts',
    'read:approvals',
    'read:metrics',
  ],
};

export const isBuiltIn = (role: string): boolean => Object.hasOwn(ROLES, role);

/** The rights of a role; those of an unknown one are none. `own`: the rights of a role of the instance's own. */
export const rightsOfRole = (role: string, own: readonly string[] | null = null): Permissions =>
  isBuiltIn(role) ? ROLES[role]! : (own ?? []);
