import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { alike, distance, stem, termsOf, wordsOf } from '../../src/intent/words.js';

test('names and sentences have the same words', () => {
  expect(wordsOf('deploy_staging-now')).toEqual(['deploy', 'staging', 'now']);
  expect(wordsOf('sendNewsletter')).toEqual(['send', 'newsletter']);
  expect(termsOf('Please deploy the services')).toEqual(['deploy', 'servic']);
});

test('endings do not matter', () => {
  for (const [one, other] of [
    ['services', 'service'],
    ['deploying', 'deploys'],
    ['queries', 'query'],
    ['planned', 'plan'],
    ['batches', 'batch'],
  ] as const)
    expect(stem(one)).toBe(stem(other));
});

test('a typo is forgiven in long words, and not in short ones', () => {
  expect(alike('deplyo', 'deploy')).toBe(true);
  expect(alike('certificats', 'certificates')).toBe(true);
  expect(alike('cat', 'car')).toBe(false);
  expect(alike('start', 'stop')).toBe(false);
});

test('a distance is symmetric, and none to itself', () => {
  const word = fc.stringMatching(/^[a-z]{0,12}$/);
  fc.assert(
    fc.property(word, word, (one, other) => {
      expect(distance(one, other)).toBe(distance(other, one));
      expect(distance(one, one)).toBe(0);
    }),
  );
});
