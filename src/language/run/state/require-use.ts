import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type { Permissions } from '../../../contracts/permission.js';
import type { PlanStep } from '../../../contracts/plan.js';
import { requireRight } from '../../../contracts/require-right.js';
import { specOf } from '../../plan/kinds.js';

/**
 * The right to what a step uses, now that its inputs are rendered, and the use in words; undefined for a step without
 * one. A script's rights are those of what it then uses; a turn's is asked for with the model that is found for it.
 */
export function rightToUse(
  step: PlanStep,
  inputs: Json,
): { right: string; what: string } | undefined {
  const { use } = specOf(step);
  if (!use) return undefined;
  const { right, what } = use;
  const name = use.nameOf(step, inputs as JsonObject);
  if (name === undefined) return { right, what };
  return { right: `${right}:${String(name)}`, what: `${what} ${String(name)}` };
}

/**
 * Lets a step do its work only where the permissions include what it uses.
 * @throws MissionError `permission_denied`
 */
export function requireUse(step: PlanStep, inputs: Json, permissions: Permissions): void {
  const use = rightToUse(step, inputs);
  if (use) requireRight(permissions, use.right, use.what);
}
