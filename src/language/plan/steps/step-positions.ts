import type { Plan, PlanStep } from '../../../contracts/plan.js';
import { bodiesOf, handlersOf } from './step-blocks.js';

/** Position of a step: its list, and its index there. */
export interface StepPosition {
  steps: readonly PlanStep[];
  index: number;
}

const indexed = new WeakMap<Plan, ReadonlyMap<string, StepPosition>>();

/** Every step of a Plan by its path, handlers included. */
export function stepPositions(plan: Plan): ReadonlyMap<string, StepPosition> {
  let positions = indexed.get(plan);
  if (!positions) {
    const all = collect(plan.always ?? [], collect(plan.steps, new Map()));
    for (const { steps } of plan.hooks?.on_limit ?? []) collect(steps ?? [], all);
    positions = all;
    indexed.set(plan, positions);
  }
  return positions;
}

function collect(
  steps: readonly PlanStep[],
  into: Map<string, StepPosition>,
): Map<string, StepPosition> {
  steps.forEach((step, index) => {
    into.set(step.path, { steps, index });
    for (const [, inside] of [...bodiesOf(step), ...handlersOf(step)]) collect(inside, into);
  });
  return into;
}
