import type { Hook, Hooks, Plan, PlanStep } from '../../../contracts/plan.js';
import { STEP_MOMENTS } from '../../../contracts/plan.js';
import { hookPath } from './hook-path.js';
import { mapInner } from './step-blocks.js';

const known = new WeakMap<Plan, Plan>();

/**
 * Prepares a plan for interpretation: copies the directive's hooks below each step, so that the steps of a hook have
 * their own paths, records and rows there. A plan without hooks is returned unchanged.
 */
export function withHooks(plan: Plan): Plan {
  if (!plan.hooks) return plan;
  let hooked = known.get(plan);
  if (!hooked) {
    const { hooks } = plan;
    hooked = { ...plan, steps: plan.steps.map((step) => attach(step, hooks)) };
    known.set(plan, hooked);
  }
  return hooked;
}

/** Attaches the hooks to a step. `turn` steps get none: hooks run for the conversation and for each tool call. */
function attach(step: PlanStep, hooks: Hooks): PlanStep {
  if (step.kind === 'turn') return step;
  const own = STEP_MOMENTS.flatMap((moment) => {
    const all = hooks[moment]?.map((hook, index) =>
      moved(hook, hookPath('.hooks', moment, index), hookPath(step.path, moment, index)),
    );
    return all ? [[moment, all]] : [];
  });
  return { ...mapInner(step, (inside) => attach(inside, hooks)), hooks: Object.fromEntries(own) };
}

function moved({ steps, ...hook }: Hook, from: string, to: string): Hook {
  const move = (step: PlanStep): PlanStep => ({
    ...mapInner(step, move),
    path: `${to}${step.path.slice(from.length)}`,
  });
  return { ...hook, ...(steps && { steps: steps.map(move) }) };
}
