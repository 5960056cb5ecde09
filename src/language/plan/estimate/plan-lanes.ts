import type { Plan, PlanStep } from '../../../contracts/plan.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import { bodiesOf, handlersOf } from '../steps/step-blocks.js';

/** Most steps of a run that can run concurrently. */
export function lanesOf(plan: Plan): number {
  const most = Math.max(lanesOfBlock(plan, plan.steps), lanesOfBlock(plan, plan.always ?? []));
  return Math.min(most, plan.limits.concurrency);
}

const lanesOfBlock = (plan: Plan, steps: readonly PlanStep[]): number =>
  Math.max(1, ...steps.map((step) => lanesOfStep(plan, step)));

function lanesOfStep(plan: Plan, step: PlanStep): number {
  const [bodies, handlers] = [bodiesOf(step), handlersOf(step)].map((blocks) =>
    blocks.map(([, steps]) => lanesOfBlock(plan, steps)),
  ) as [number[], number[]];
  const inside = isComposite(step) ? compositeSpecOf(step).lanes(step, bodies, plan) : 1;
  return Math.max(1, ...handlers, inside);
}
