import type { Hook, Hooks, Plan, PlanStep } from '../../../contracts/plan.js';
import { STEP_MOMENTS } from '../../../contracts/plan.js';
import { hookPath } from './hook-path.js';
import { mapInner } from './step-blocks.js';

const known = new WeakMap<Plan, Plan>();

/**
 * The plan as it is run: the directive's hooks stand below each of its steps, so that what a hook does there has
 * places, records and rows of its own. A plan without hooks is the same.
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

/** A turn is no step of the author's: hooks are asked about the conversation, and about each call of a tool. */
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
