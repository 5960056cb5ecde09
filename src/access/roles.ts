import type { Permissions } from '../contracts/permission.js';
import { RUN_RIGHTS } from '../contracts/run/run-rights.js';

/** The built-in roles and their rights; null = everything. */
export const ROLES: Readonly<Record<string, Permissions>> = {
  admin: null,
  operator: null,
  developer: [
    'read:automations',
    'read:alerts',
    'read:approvals',
    'read:metrics',
    'write:directives',
    'write:automations',
    'write:executions',
    'write:approvals',
    ...RUN_RIGHTS,
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
