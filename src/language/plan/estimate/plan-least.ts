import { type Plan, type PlanStep, STEP_MOMENTS } from '../../../contracts/plan.js';
import { specOf } from '../kinds.js';
import { add, type Least, type LeastContext, NOTHING, ONE_STEP, type Path } from '../least.js';
import { bodiesOf, handlersOf } from '../steps/step-blocks.js';

/** A limit that every successful run of the plan would exceed. */
export interface LimitViolation {
  limit: keyof Least;
  needs: number;
  allowed: number;
}

/** Limits that a successful run must exceed, whatever its inputs are. */
export function limitViolationsOf(plan: Plan): LimitViolation[] {
  // Hooks may skip any step, and turn its failure into success.
  if (STEP_MOMENTS.some((moment) => plan.hooks?.[moment])) return [];
  const least = leastOf(plan.steps).least;
  return (Object.keys(least) as (keyof Least)[])
    .map((limit) => ({ limit, needs: least[limit], allowed: plan.limits[limit] }))
    .filter(({ needs, allowed }) => needs > allowed);
}

/**
 * The least use of a list of steps. Steps inside one with `on_error` are not counted, since its handler could use less.
 */
function leastOf(steps: readonly PlanStep[]): Path {
  let least = NOTHING;
  for (const step of steps) {
    if (step.if !== undefined) {
      // Steps behind one that may end the run are not certain to run.
      if (mayEnd(step)) return { least, ends: true };
      continue;
    }
    const path = leastOfStep(step);
    least = add(least, path.least);
    if (path.ends) return { least, ends: true };
  }
  return { least };
}

function leastOfStep(step: PlanStep): Path {
  const path = specOf(step).least(step, CONTEXT);
  const within = add(ONE_STEP, path.least);
  return step.on_error === undefined
    ? { ...path, least: within }
    : { least: ONE_STEP, ...(path.ends || mayEnd(step) ? { ends: true } : {}) };
}

/** True if the step contains a step that ends the run. */
function mayEnd(step: PlanStep): boolean {
  if (specOf(step).ends) return true;
  const blocks = [...bodiesOf(step), ...handlersOf(step)];
  return blocks.some(([, steps]) => steps.some(mayEnd));
}

const CONTEXT: LeastContext = { block: leastOf, mayEnd };
