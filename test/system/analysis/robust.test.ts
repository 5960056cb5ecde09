import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  chanceOfAtLeast,
  quantile,
  scoreOf,
  usualOf,
} from '../../../src/system/analysis/robust.js';

describe('quantiles', () => {
  test('lie between neighbours', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([0, 10], 1)).toBe(10);
  });
});

describe('what is usual', () => {
  test('is not moved by a few odd values', () => {
    const usual = usualOf([10, 11, 9, 10, 12, 10, 9, 11, 100_000]);
    expect(usual.median).toBe(10);
    expect(usual.spread).toBeLessThan(2);
    expect(scoreOf(10, usual)).toBe(0);
    expect(scoreOf(100, usual)).toBeGreaterThan(40);
  });

  test('equal values have a spread, so that the smallest change is no news', () => {
    expect(scoreOf(101, usualOf(Array(50).fill(100)))).toBeCloseTo(0.2);
    expect(scoreOf(1, usualOf([0, 0, 0]))).toBe(0);
  });
});

describe('the chance of at least so many', () => {
  test('equals a count over all outcomes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 10 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (tries, hits, chance) => {
          let counted = 0;
          for (let outcome = 0; outcome < 2 ** tries; outcome += 1) {
            const ones = outcome.toString(2).replaceAll('0', '').length;
            if (ones >= hits) counted += chance ** ones * (1 - chance) ** (tries - ones);
          }
          expect(chanceOfAtLeast(hits, tries, chance)).toBeCloseTo(counted, 9);
        },
      ),
    );
  });
});
