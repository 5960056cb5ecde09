import { afterAll, expect, test } from '@jest/globals';
import { wordsOf } from '../../../src/intent/words.js';
import { ItemSearch } from '../../../src/search/item-search.js';
import { realModel } from '../../support/meaning.js';
import { realMeaning } from '../../support/real-meaning.js';
import { Registry } from '../intent/harness.js';
import { LITERAL, PARAPHRASES, REGISTRY } from './registry.js';

const model = await realModel();
const real = model && (await realMeaning(model));
afterAll(() => real?.close());

const items = Object.entries(REGISTRY).map(([id, about]) => ({ id, about }));
type Item = (typeof items)[number];
const meaningOf = ({ id, about }: Item) => `${wordsOf(id).join(' ')}. ${about}`;
const textOf = (item: Item) => ({ title: item.id, text: item.about, meaning: meaningOf(item) });

/** What is found first for something else than what was meant. */
async function faults(search: ItemSearch, said: readonly [string, string][]): Promise<string[]> {
  const found = said.map(async ([query, meant]) => {
    const [first] = await search.search('directive', items, textOf, query);
    return first?.item.id === meant ? [] : [`${query}: ${first?.item.id}, not ${meant}`];
  });
  return (await Promise.all(found)).flat();
}

test('by text, words and typos are understood, paraphrases are not', async () => {
  const search = new ItemSearch();
  expect((await faults(search, LITERAL)).length).toBeLessThanOrEqual(2);
  expect((await faults(search, PARAPHRASES)).length).toBeGreaterThan(20);
});

(real ? test : test.skip)(
  'by meaning, two of three hard paraphrases are found first, and words no worse (skipped without the model)',
  async () => {
    const search = new ItemSearch(real);
    expect(await faults(search, LITERAL)).toEqual([]);
    const wrong = await faults(search, PARAPHRASES);
    if (process.env['EVAL_SHOW'])
      process.stdout.write(`paraphrases ${30 - wrong.length}/30\n${wrong.join('\n')}\n`);
    expect(PARAPHRASES).toHaveLength(30);
    expect(wrong.length).toBeLessThanOrEqual(10);
  },
  120_000,
);

(real ? test : test.skip)(
  'the built-in model asks about what means the same, and runs none of it on a guess (skipped without the model)',
  async () => {
    const directives = Object.fromEntries(
      Object.entries(REGISTRY).map(([name, description]) => [name, { description }]),
    );
    const registry = new Registry({ name: 'company', directives, cases: [] }, new ItemSearch(real));
    const [ran, asked]: string[][] = [[], []];
    for (const [said, meant] of PARAPHRASES) {
      const reaction = await registry.say([], said);
      if (reaction.ran) ran!.push(`${said}: ${reaction.ran.id}`);
      if (reaction.text.includes(`\`${meant}\``)) asked!.push(said);
    }
    registry.close();
    if (process.env['EVAL_SHOW'])
      process.stdout.write(`asked about ${asked!.length}/30, ran ${ran!.join('; ')}\n`);
    expect(ran).toEqual([]);
    expect(asked!.length).toBeGreaterThanOrEqual(12);
  },
  120_000,
);
