import type { StepPlace } from '../../../contracts/run/place.js';
import type { StepRecord } from '../../../contracts/run/records.js';

/** True if `iteration` is `around`, or nested inside it. */
export const isWithin = (iteration: string, around: string): boolean =>
  around === '' || iteration === around || iteration.startsWith(`${around}.`);

/** The iteration in a record's key. */
export const iterationOf = (key: string): string =>
  key.slice(key.lastIndexOf('#') + 1).replace(/!$/, '');

/**
 * Keys of the records inside a step, handlers included, or inside one iteration of a loop (a path that ends with `[]`).
 */
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
