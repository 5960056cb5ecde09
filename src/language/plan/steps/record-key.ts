import type { PlanStep } from '../../../contracts/plan.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { isComposite } from '../kinds.js';

/** The key of a step's record, and of its row in the journal within a run. */
export const recordKey = ({ path, iteration }: StepPlace): string => `${path}#${iteration}`;

/** The key of the record that tells a step's attempts: of a step made of steps it stands beside its progress. */
export const triesKey = (step: PlanStep, place: StepPlace): string =>
  isComposite(step) ? `${recordKey(place)}!` : recordKey(place);

/** The place of one branch of the parallel step at `parallel`, as a whole. */
export const branchPlace = ({ path, iteration }: StepPlace, index: number): StepPlace => ({
  path: `${path}/${index}[]`,
  iteration,
});

/** The place of one iteration of the loop at `loop`; its path stands for the iteration as a whole. */
export const iterationPlace = (loop: StepPlace, index: number): StepPlace => ({
  path: `${loop.path}[]`,
  iteration: loop.iteration === '' ? String(index) : `${loop.iteration}.${index}`,
});
