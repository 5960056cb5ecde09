/** The value below which a part of the values lies, between neighbours interpolated. `values`: in ascending order, not empty. */
export function quantile(values: readonly number[], part: number): number {
  const place = (values.length - 1) * part;
  const below = Math.floor(place);
  const low = values[below]!;
  const high = values[Math.min(below + 1, values.length - 1)]!;
  return low + (high - low) * (place - below);
}

/** Center and spread of values, which single odd ones do not move: the median, and the median distance from it. */
export interface Usual {
  median: number;
  /** Scaled so that it equals the standard deviation of normally distributed values. */
  spread: number;
  count: number;
}

const TO_DEVIATION = 1.4826;
/** A spread below this part of the median is taken for chance: a few equal values say little. */
const LEAST_SPREAD = 0.05;

export function usualOf(values: readonly number[]): Usual {
  const sorted = [...values].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const distances = sorted.map((value) => Math.abs(value - median)).sort((a, b) => a - b);
  const spread = Math.max(TO_DEVIATION * quantile(distances, 0.5), LEAST_SPREAD * Math.abs(median));
  return { median, spread, count: values.length };
}

/** How many spreads a value lies above the median; 0 where nothing is known of the spread. */
export const scoreOf = (value: number, { median, spread }: Usual): number =>
  spread === 0 ? 0 : (value - median) / spread;

/** The probability of at least `hits` among `tries` that each succeed with `chance`. */
export function chanceOfAtLeast(hits: number, tries: number, chance: number): number {
  if (hits <= 0) return 1;
  let term = (1 - chance) ** tries;
  let below = 0;
  for (let count = 0; count < hits; count += 1) {
    below += term;
    term *= ((tries - count) / (count + 1)) * (chance / (1 - chance));
  }
  return Math.max(0, 1 - below);
}
