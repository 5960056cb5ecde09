import type { PlanStep } from '../../../contracts/plan.js';
import { inner } from './step-blocks.js';

const known = new WeakMap<PlanStep, boolean>();

/** True when a step with all steps inside it can run in a segment. The workflow runs its handlers. */
export function isFusable(step: PlanStep): boolean {
  let light = known.get(step);
  if (light === undefined) {
    light = !step.own && inner(step).every(isFusable);
    known.set(step, light);
  }
  return light;
}
