import { expect, test } from '@jest/globals';
import { isDestructive, isRequired } from '../../../src/verbs/items/directive-facts.js';

const plan = (name: string, description = '', permissions: string[] | null = []) =>
  ({ name, description, permissions }) as never;

test('what deletes is destructive, by its words or its permissions', () => {
  expect(isDestructive(plan('drop_database'))).toBe(true);
  expect(isDestructive(plan('tidy', 'Removes old files'))).toBe(true);
  expect(isDestructive(plan('tidy', 'Sorts files', ['delete:filesystem:tmp/**']))).toBe(true);
  expect(isDestructive(plan('deploy', 'Deploys a service', null))).toBe(false);
  expect(isDestructive(plan('dropbox_sync', 'Copies files'))).toBe(false);
});

test('an input is required unless it has a default, or says so', () => {
  expect(
    [{}, { default: 1 }, { required: false }].map((spec) => isRequired(spec as never)),
  ).toEqual([true, false, false]);
});
