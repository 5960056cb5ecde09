import type { PlanStep } from '../../../contracts/plan.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import type { StepBlock } from '../kind-spec.js';

/** The lists of steps that a composite step contains, without its handlers. */
export const bodiesOf = (step: PlanStep): StepBlock[] =>
  isComposite(step) ? compositeSpecOf(step).bodies(step) : [];

/** The lists of steps that handle a step: `on_error`, compensation and hooks. */
export const handlersOf = ({ on_error, compensate, hooks }: PlanStep): StepBlock[] => [
  ...(Array.isArray(on_error) ? [['on_error', on_error] as const] : []),
  ...(compensate ? [['compensate', compensate] as const] : []),
  ...Object.entries(hooks ?? {}).flatMap(([moment, all]) =>
    all.map(({ steps }) => [moment, steps ?? []] as const),
  ),
];

/** Copies a step with each step inside it replaced, `on_error` steps included. */
export function mapInner(step: PlanStep, change: (inside: PlanStep) => PlanStep): PlanStep {
  const on_error = Array.isArray(step.on_error) ? step.on_error.map(change) : step.on_error;
  const same: PlanStep = { ...step, ...(on_error && { on_error }) };
  return isComposite(same) ? compositeSpecOf(same).mapBodies(same, change) : same;
}

/** The steps directly inside a composite step. */
export const inner = (step: PlanStep): PlanStep[] => bodiesOf(step).flatMap(([, steps]) => steps);
