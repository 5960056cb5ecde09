import { expect, test } from '@jest/globals';
import { ItemSearch } from '../../src/search/item-search.js';
import { DIMENSIONS, type Vector } from '../../src/search/meaning/vector.js';

const items = [
  { name: 'release_service', about: 'Puts a new version into production' },
  { name: 'send_invoice', about: 'Sends an invoice to a customer' },
  { name: 'version_report', about: 'Lists versions' },
];
const text = ({ name, about }: (typeof items)[number]) => ({ title: name, text: about });

/** A direction for each subject. */
function towards(subject: number, length = 1): Vector {
  const vector = new Float32Array(DIMENSIONS);
  vector[subject] = length;
  return vector;
}

/** A model that knows what the three items are about, and that a query is about the first. */
function knowing(query = towards(0)) {
  const calls: (readonly Vector[] | undefined)[] = [];
  const compare = async (_: string, texts: readonly string[], known?: readonly Vector[]) => {
    calls.push(known);
    return { query, texts: texts.map((_each, at) => towards(at, 0.6)) };
  };
  return { search: new ItemSearch({ compare }), calls };
}

const names = (hits: { item: { name: string } }[]) => hits.map(({ item }) => item.name);

test('without a model it finds by words, with the score of the words', async () => {
  const search = new ItemSearch();
  const hits = await search.search('x', items, text, 'invoice');
  expect(names(hits)).toEqual(['send_invoice']);
  expect(hits[0]!.match).toBeUndefined();
  expect(await search.search('x', items, text, 'ship it')).toEqual([]);
});

test('with a model it finds what shares no word, and words add a little', async () => {
  const { search } = knowing();
  const [first, ...others] = await search.search('x', items, text, 'ship it');
  expect([first!.item.name, first!.match, others]).toEqual([
    'release_service',
    { words: 0, meaning: 0.6 },
    [],
  ]);
  const hits = await search.search('x', items, text, 'version report');
  expect(names(hits)).toEqual(['release_service', 'version_report']);
  for (const { score } of hits) expect(score).toBeLessThanOrEqual(1);
});

test('a name that is said exactly is found, though the model does not know it', async () => {
  const { search } = knowing(towards(5));
  const [first] = await search.search('x', items, text, 'version_report');
  expect(first!.item.name).toBe('version_report');
});

test('a model that does not answer leaves the search by words', async () => {
  const search = new ItemSearch({ compare: async () => undefined });
  const hits = await search.search('x', items, text, 'invoice');
  expect([names(hits), hits[0]!.match]).toEqual([['send_invoice'], undefined]);
});

test('an empty query finds everything in its order, and asks no model', async () => {
  const { search, calls } = knowing();
  expect(names(await search.search('x', items, text, ''))).toEqual(items.map(({ name }) => name));
  expect(calls).toEqual([]);
});

test('vectors are asked for once while the items stay the same', async () => {
  const { search, calls } = knowing();
  await search.search('x', items, text, 'one');
  await search.search('x', [...items], text, 'two');
  await search.search('x', items.slice(1), text, 'three');
  expect(calls.map((known) => known?.length)).toEqual([undefined, 3, undefined]);
});
