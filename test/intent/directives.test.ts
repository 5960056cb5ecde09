import { expect, test } from '@jest/globals';
import { directivesIn, fitOf, inputsIn, ranked } from '../../src/intent/directives.js';
import { fact } from './facts.js';

const deploy = fact('deploy_staging', 'Deploys one service to staging', { service: {} });
const drop = fact('drop_database', 'Drops a database and all that is in it');

test('a request fits the directive whose words it has, also with typos', () => {
  expect(fitOf('run deploy staging', deploy)).toBe(1);
  const [best, next] = ranked('deplyo the auth service to staging', [drop, deploy]);
  expect(best!.fact.id).toBe('deploy_staging');
  expect(best!.fit - next!.fit).toBeGreaterThan(0.3);
});

test('values in a request say nothing of what is meant', () => {
  const plain = fitOf('deploy to staging', deploy);
  expect(fitOf('deploy to staging service=auth 12 "some text" a@b.example', deploy)).toBeCloseTo(
    plain,
    1,
  );
});

test('odd results of a search are left out', () => {
  const results = [null, 5, { id: 7 }, { id: 'a', type: 'tool' }, { id: 'b' }] as never;
  expect(directivesIn({ results }).map(({ id }) => id)).toEqual(['b']);
  expect(directivesIn({})).toEqual([]);
});

test('inputs are read as a map and as a list', () => {
  const [one] = inputsIn({ n: { type: 'integer', required: true } } as never);
  const [other] = inputsIn([{ name: 'n', type: 'integer', required: true }] as never);
  expect(one).toEqual(other);
  expect(inputsIn('x')).toEqual([]);
});
