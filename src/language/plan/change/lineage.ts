import type { Plan, PlanStep } from '../../../contracts/plan.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import { bodiesOf, handlersOf } from '../steps/step-blocks.js';

/**
 * One level of a step's ancestry: a step, the list that contains it, and the role of that list in the step around it.
 */
export interface Generation {
  step: PlanStep;
  steps: readonly PlanStep[];
  /**
   * Role of the list, such as `then`, `each` or `on_error`; empty for the root list, `always` for the steps at the end.
   */
  label: string;
}

/** The step at a path and its enclosing steps, outermost first; undefined when the path has no step. */
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

/** True for a step that repeats its steps. */
export const isLoop = (step: PlanStep): boolean =>
  isComposite(step) && compositeSpecOf(step).repeats;
