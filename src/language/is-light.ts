import type { PlanStep } from '../contracts/plan.js';

const known = new WeakMap<PlanStep, boolean>();

/** True when a step, with everything inside it, can run in a segment. */
export function isLight(step: PlanStep): boolean {
  let light = known.get(step);
  if (light === undefined) {
    light = !step.own && inner(step).every(isLight);
    known.set(step, light);
  }
  return light;
}

/** The steps inside a step, but for its handlers: those are the workflow's. */
export function inner(step: PlanStep): readonly PlanStep[] {
  if (step.kind === 'conditional') return [...step.then, ...step.else];
  return step.kind === 'foreach' ? step.steps : [];
}

/** True for a step that is made of other steps. */
export const isComposite = (step: PlanStep): boolean =>
  step.kind === 'conditional' || step.kind === 'foreach';
