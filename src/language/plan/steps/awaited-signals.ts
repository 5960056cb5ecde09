import type { Plan } from '../../../contracts/plan.js';
import { stepPositions } from './step-positions.js';

/** Names of the signals that a run of the plan may wait for; undefined when an expression computes one. */
export function awaitedSignals(plan: Plan): string[] | undefined {
  const steps = [...stepPositions(plan).values()].map(({ steps, index }) => steps[index]!);
  const names = steps.flatMap((step) =>
    step.kind === 'wait' && step.signal !== undefined ? [String(step.signal)] : [],
  );
  return names.some((name) => name.includes('{{')) ? undefined : [...new Set(names)];
}
