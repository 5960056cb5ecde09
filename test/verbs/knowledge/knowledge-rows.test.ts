import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KnowledgeRows } from '../../../src/verbs/knowledge/knowledge-rows.js';
import { openTestDatabase, type TestDatabase } from '../../support/stack.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database?.close());

const entry = (id: string, content = 'x') => ({
  ...{ id, title: id, category: '', content, confidence: 1, source: '' },
});

test('an entry that did not change stays the same object, which a search recognises', async () => {
  const rows = new KnowledgeRows(database.source);
  for (const id of ['a', 'b', 'c']) expect(await rows.create(entry(id))).toBe(true);
  const before = await rows.read();
  expect(before.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(await rows.read()).toEqual(before);
  await rows.update(entry('b', 'changed'));
  await rows.delete('c');
  const after = await rows.read();
  expect(after[0]).toBe(before[0]);
  expect([after[1]!.text, after.length]).toEqual(['changed', 2]);
});

test('writes say whether there was something to write', async () => {
  const rows = new KnowledgeRows(database.source);
  expect(await rows.create(entry('once'))).toBe(true);
  expect(await rows.create(entry('once'))).toBe(false);
  expect(await rows.update(entry('never'))).toBe(false);
  expect(await rows.delete('once')).toBe(true);
  expect(await rows.delete('once')).toBe(false);
});
