import type { PlanStep } from '../../../contracts/plan.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { isComposite } from '../kinds.js';

/** Key of a step's record, and of its journal row within a run. */
export const recordKey = ({ path, iteration }: StepPlace): string => `${path}#${iteration}`;

/** Key of the record of a step's attempts. A composite step keeps them in a separate record from its progress. */
export const triesKey = (step: PlanStep, place: StepPlace): string =>
  isComposite(step) ? `${recordKey(place)}!` : recordKey(place);

/** Place of one whole branch of a `parallel` step. */
export const branchPlace = ({ path, iteration }: StepPlace, index: number): StepPlace => ({
  path: `${path}/${index}[]`,
  iteration,
});

/** Place of one whole iteration of the loop at `loop`. */
export const iterationPlace = (loop: StepPlace, index: number): StepPlace => ({
  path: `${loop.path}[]`,
  iteration: loop.iteration === '' ? String(index) : `${loop.iteration}.${index}`,
});
