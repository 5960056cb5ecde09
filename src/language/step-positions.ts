import type { Plan, PlanStep } from '../contracts/plan.js';

/** Where a step stands: its list, and its position there. */
export interface StepPosition {
  steps: readonly PlanStep[];
  index: number;
}

const indexed = new WeakMap<Plan, ReadonlyMap<string, StepPosition>>();

/** Every step of a Plan by its path, handlers included. */
export function stepPositions(plan: Plan): ReadonlyMap<string, StepPosition> {
  let positions = indexed.get(plan);
  if (!positions) {
    positions = collect(plan.steps, new Map());
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
    if (step.kind === 'conditional') {
      collect(step.then, into);
      collect(step.else, into);
    }
    if (step.kind === 'foreach') collect(step.steps, into);
    if (Array.isArray(step.on_error)) collect(step.on_error, into);
  });
  return into;
}
