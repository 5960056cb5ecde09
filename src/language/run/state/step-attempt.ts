import type { PlanStep } from '../../../contracts/plan.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import type { Block } from './block.js';

/** A step, where in the run it is run, and what it sees. */
export interface StepContext<S extends PlanStep = PlanStep> {
  step: S;
  place: StepPlace;
  block: Block;
}

/** One try of a step; the first is 1. */
export interface StepAttempt<S extends PlanStep = PlanStep> extends StepContext<S> {
  attempt: number;
}
