import { expect, test } from '@jest/globals';
import { ItemSearch } from '../../../src/search/item-search.js';
import { searchDirectives } from '../../../src/verbs/items/directive-search.js';

const directive = (name: string, description: string, inputs = {}) => ({
  name,
  source: 'project',
  text: '',
  diagnostics: [],
  plan: { description, inputs },
});
const all = [
  directive('send_mail', 'Sends a mail', { urgent: { enum: ['today', 'later'] } }),
  directive('count_lines', 'Counts'),
  { name: 'broken', source: 'project', text: '', diagnostics: [] },
];
const registry = { list: async () => all as never };

test('names, descriptions, inputs and their choices are searched, also of a directive with mistakes', async () => {
  const found = async (query: string) =>
    (await searchDirectives(registry, new ItemSearch(), { source: null, query })).map(
      ({ item }) => item.name,
    );
  expect([await found('mail'), await found('urgent'), await found('later')]).toEqual([
    ['send_mail'],
    ['send_mail'],
    ['send_mail'],
  ]);
  expect([await found('broken'), await found('elephants')]).toEqual([['broken'], []]);
});

test('the model of meaning reads names as words', async () => {
  const read: string[][] = [];
  const compare = async (_: string, texts: readonly string[]) => void read.push([...texts]);
  await searchDirectives(registry, new ItemSearch({ compare } as never), {
    source: null,
    query: 'x1',
  });
  expect(read[0]).toEqual(['send mail. Sends a mail', 'count lines. Counts', 'broken. ']);
});

test('a list without a query begins with what is the project’s own', async () => {
  const mixed = [
    { ...directive('aaa', 'ships'), source: 'system' },
    { ...directive('bbb', 'mine'), source: 'user' },
    { ...directive('zzz', 'ours'), source: 'project' },
  ];
  const options = { source: null, query: ' ' };
  const hits = await searchDirectives(
    { list: async () => mixed as never },
    new ItemSearch(),
    options,
  );
  expect(hits.map(({ item }) => item.name)).toEqual(['zzz', 'bbb', 'aaa']);
});
