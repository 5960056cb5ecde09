import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TextIndex } from '../../src/search/text-index.js';

const index = new TextIndex([
  { title: 'deploy_staging', text: 'Deploys one service to staging' },
  { title: 'drop_database', text: 'Drops a database' },
  { title: 'backup_database', text: 'Makes a copy of a database' },
]);
const found = (query: string) => index.search(query).map(({ item }) => item.title);

test('words of the title count more than those of the text', () => {
  expect(found('backup of a database')).toEqual(['backup_database', 'drop_database']);
  expect(found('staging')).toEqual(['deploy_staging']);
});

test('endings, beginnings and typos are forgiven', () => {
  expect(found('deploying')[0]).toBe('deploy_staging');
  expect(found('data').sort()).toEqual(['backup_database', 'drop_database']);
  expect(found('databse').sort()).toEqual(['backup_database', 'drop_database']);
  expect(found('elephant')).toEqual([]);
});

test('an empty query finds everything; scores are from 0 to 1', () => {
  expect(found('')).toHaveLength(3);
  fc.assert(
    fc.property(fc.string({ maxLength: 2_000 }), (query) => {
      for (const { score } of index.search(query)) {
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    }),
  );
});
