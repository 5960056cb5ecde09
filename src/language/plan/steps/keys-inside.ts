import type { StepPlace } from '../../../contracts/run/place.js';
import type { StepRecord } from '../../../contracts/run/records.js';

/** True for an iteration, or one inside it. */
export const isWithin = (iteration: string, around: string): boolean =>
  around === '' || iteration === around || iteration.startsWith(`${around}.`);

/** The iteration that a record's key names. */
export const iterationOf = (key: string): string =>
  key.slice(key.lastIndexOf('#') + 1).replace(/!$/, '');

/** Keys of the records inside a step, handlers included; or inside one iteration of a loop (its path ends with `[]`). */
export function keysInside(
  records: ReadonlyMap<string, StepRecord>,
  { path, iteration }: StepPlace,
): string[] {
  const step = path.replace(/\[\]$/, '');
  const starts = step === path ? [`${step}/`, `${step}[]#`] : [`${step}/`];
  return [...records.keys()].filter(
    (key) => starts.some((start) => key.startsWith(start)) && isWithin(iterationOf(key), iteration),
  );
}
