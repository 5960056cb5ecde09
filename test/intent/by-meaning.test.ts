import { expect, test } from '@jest/globals';
import { likelyMeant } from '../../src/intent/by-meaning.js';
import { fact } from './facts.js';

const facts = (...meanings: (number | undefined)[]) =>
  meanings.map((meaning, at) => ({
    ...fact(`job_${at}`),
    ...(meaning !== undefined && { meaning }),
  }));
const ids = (...meanings: (number | undefined)[]) =>
  likelyMeant(facts(...meanings)).map(({ id }) => id);

test('one that is clearly ahead, several that are near, and none', () => {
  expect(ids(0.2, 0.6, 0.4)).toEqual(['job_1']);
  expect(ids(0.5, 0.45, 0.44, 0.43)).toEqual(['job_0', 'job_1', 'job_2']);
  expect(ids(0.34, 0.1)).toEqual([]);
  expect(ids(undefined, undefined)).toEqual([]);
});
