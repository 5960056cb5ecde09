import type { PlanStep } from '../../../contracts/plan.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import type { StepBlock } from '../kind-spec.js';

/** What a step is made of. */
export const bodiesOf = (step: PlanStep): StepBlock[] =>
  isComposite(step) ? compositeSpecOf(step).bodies(step) : [];

/** What follows when it fails, and what undoes it. */
export const handlersOf = ({ on_error, compensate, hooks }: PlanStep): StepBlock[] => [
  ...(Array.isArray(on_error) ? [['on_error', on_error] as const] : []),
  ...(compensate ? [['compensate', compensate] as const] : []),
  ...Object.entries(hooks ?? {}).flatMap(([moment, all]) =>
    all.map(({ steps }) => [moment, steps ?? []] as const),
  ),
];

/** The step with each step inside it, handlers of failures included, replaced. */
export function mapInner(step: PlanStep, change: (inside: PlanStep) => PlanStep): PlanStep {
  const on_error = Array.isArray(step.on_error) ? step.on_error.map(change) : step.on_error;
  const same: PlanStep = { ...step, ...(on_error && { on_error }) };
  return isComposite(same) ? compositeSpecOf(same).mapBodies(same, change) : same;
}

/** The steps that a step is made of. */
export const inner = (step: PlanStep): PlanStep[] => bodiesOf(step).flatMap(([, steps]) => steps);
