import type { Plan, PlanStep } from '../../../contracts/plan.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import { bodiesOf, handlersOf } from '../steps/step-blocks.js';

/** One generation: a step, the list that it stands in, and what that list is to the step around it. */
export interface Generation {
  step: PlanStep;
  steps: readonly PlanStep[];
  /** `then`, `each`, `on_error`, …; empty at the top, `always` at the end. */
  label: string;
}

/** The step at a path with those around it, outermost first; undefined where there is none. */
export function lineageOf(plan: Plan, path: string): Generation[] | undefined {
  return find(plan.steps, '', path) ?? find(plan.always ?? [], 'always', path);
}

function find(steps: readonly PlanStep[], label: string, path: string): Generation[] | undefined {
  for (const step of steps) {
    if (step.path === path) return [{ step, steps, label }];
    for (const [inside, list] of [...bodiesOf(step), ...handlersOf(step)]) {
      const rest = find(list, inside, path);
      if (rest) return [{ step, steps, label }, ...rest];
    }
  }
  return undefined;
}

/** True for a step whose steps run again and again. */
export const isLoop = (step: PlanStep): boolean =>
  isComposite(step) && compositeSpecOf(step).repeats;
