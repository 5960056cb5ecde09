import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type { Permissions } from '../../../contracts/permission.js';
import type { PlanStep } from '../../../contracts/plan.js';
import { requireRight } from '../../../contracts/require-right.js';
import { specOf } from '../../plan/kinds.js';

/**
 * Lets a step do its work only where its directive has the right to what it names now that its inputs are rendered.
 * A script's rights are those of what it then uses; a turn's is asked for with the model that is found for it.
 * @throws MissionError `permission_denied`
 */
export function requireUse(step: PlanStep, inputs: Json, permissions: Permissions): void {
  const { use } = specOf(step);
  if (!use) return;
  const { right, what } = use;
  const name = use.nameOf(step, inputs as JsonObject);
  if (name === undefined) return requireRight(permissions, right, what);
  requireRight(permissions, `${right}:${String(name)}`, `${what} ${String(name)}`);
}
