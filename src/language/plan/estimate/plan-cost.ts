import type { Plan, PlanStep } from '../../../contracts/plan.js';
import { isFusable } from '../steps/is-fusable.js';
import { add, type CostContext, type Count, EVENTS, NOTHING, type PlanCost } from '../cost.js';
import { specOf } from '../kinds.js';
import { DEFAULT_RETRY } from '../retry.js';
import { bodiesOf, handlersOf } from '../steps/step-blocks.js';

/** Cost of all steps of a plan, `always` included. */
export function costOf(plan: Plan): PlanCost {
  const of: CostContext = {
    plan,
    block: (steps) => blockCost(of, steps),
    step: (step) => stepCost(of, step),
    isFusable: isFusable,
  };
  const run = { ...NOTHING, events: { usual: EVENTS.run, worst: EVENTS.run } };
  const parts = [plan.steps, plan.always ?? []].map(of.block);
  return within(plan, [run, ...parts].reduce(add));
}

/** Caps the cost by the limits of the run, which nested loops share. */
function within(
  { limits, ...plan }: Plan,
  { activities, events, children, seconds }: PlanCost,
): PlanCost {
  const attempts = Math.max(...[...plan.steps, ...(plan.always ?? [])].map(mostAttempts));
  const cap = (count: Count, most: number, each = 1): Count => ({
    usual: Math.min(count.usual, most * each),
    worst: Math.min(count.worst, most * attempts * each),
  });
  return {
    activities: cap(activities, limits.steps),
    events: cap(events, limits.steps, EVENTS.own + EVENTS.timer),
    children: cap(children, limits.spawns),
    seconds,
  };
}

/** Most attempts of a step and of the steps inside it. */
const mostAttempts = (step: PlanStep): number =>
  Math.max(
    (step.retry ?? DEFAULT_RETRY).attempts,
    ...[...bodiesOf(step), ...handlersOf(step)].flatMap(([, steps]) => steps.map(mostAttempts)),
  );

/** Cost of a block. Adjacent fusable steps share one segment. */
function blockCost(of: CostContext, steps: readonly PlanStep[]): PlanCost {
  return steps.reduce((sum, step, index) => {
    const opens = isFusable(step) && !(index > 0 && isFusable(steps[index - 1]!));
    return add(add(sum, opens ? SEGMENT : NOTHING), of.step(step));
  }, NOTHING);
}

const SEGMENT: PlanCost = {
  ...NOTHING,
  activities: { usual: 1, worst: 1 },
  events: { usual: EVENTS.segment, worst: EVENTS.segment },
};

function stepCost(of: CostContext, step: PlanStep): PlanCost {
  const handled = handlersOf(step).map(([, steps]) => unusual(of.block(steps)));
  return handled.reduce(add, specOf(step).cost(step, of));
}

/** Removes the usual cost of steps that run only after a failure. */
const unusual = (cost: PlanCost): PlanCost => ({
  activities: { ...cost.activities, usual: 0 },
  events: { ...cost.events, usual: 0 },
  children: { ...cost.children, usual: 0 },
  seconds: cost.seconds,
});
