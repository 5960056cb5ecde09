import type { StepPlace } from '../contracts/run.js';

/** The key of a step's record, and of its row in the journal within a run. */
export const recordKey = ({ path, iteration }: StepPlace): string => `${path}#${iteration}`;

/** The place of one iteration of the loop at `loop`; its path stands for the iteration as a whole. */
export const iterationPlace = (loop: StepPlace, index: number): StepPlace => ({
  path: `${loop.path}[]`,
  iteration: loop.iteration === '' ? String(index) : `${loop.iteration}.${index}`,
});
