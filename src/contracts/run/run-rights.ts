import { narrow, parsePermission, type Permissions } from '../permission.js';

/** Every right that a step of a run can need, without scopes. Reading the audit trail is for admins and operators alone. */
export const RUN_RIGHTS = [
  'read:filesystem',
  'write:filesystem',
  'delete:filesystem',
  'read:network',
  'write:network',
  'execute:network',
  'execute:mcp_gateway',
  'read:mcps',
  'write:mcps',
  'execute:kernel',
  'execute:models',
  'execute:directives',
  'read:directives',
  'write:events',
  'read:secrets',
  'read:executions',
  'read:logs',
  'write:logs',
  'delete:logs',
  'read:threads',
  'write:knowledge',
  'read:queries',
] as const;

/**
 * Rights of a speaker as bounds on what steps do; null = no bounds. Whoever may do everything that a step can do is not
 * bounded, so that a directive that declares nothing means the same for all of them.
 */
export function stepRightsOf(rights: Permissions): Permissions {
  if (rights === null) return null;
  const denies = rights.some((tag) => parsePermission(tag)?.verb === 'deny');
  const missing = RUN_RIGHTS.some((right) => !rights.includes(right));
  return denies || missing ? rights : null;
}

/** What the steps of a run may do: what its directive declares, its parent leaves to it, and its speaker may. */
export const effectiveRights = (declared: Permissions, speaker: Permissions): string[] | null =>
  narrow(declared, stepRightsOf(speaker));
