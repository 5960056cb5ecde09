import { afterAll, expect, test } from '@jest/globals';
import { ItemSearch } from '../../../src/search/item-search.js';
import { realMeaning } from '../../support/real-meaning.js';
import { realModel } from '../../support/meaning.js';
import { evaluate, type Figures } from './evaluate.js';

const model = await realModel();
const real = model && (await realMeaning(model));
afterAll(() => real?.close());

const line = (
  name: string,
  { right, total, asked, questions, wrongDestructions }: Figures,
): string =>
  `${name.padEnd(24)} right ${right}/${total} (${((100 * right) / total).toFixed(1)} %)  asked when needed ${asked}/${questions}  wrong destructive runs ${wrongDestructions}`;

function show(how: string, { tuned, aside }: { tuned: Figures; aside: Figures }): void {
  if (!process.env['EVAL_SHOW']) return;
  const shown = [
    line(`${how}, tuned on`, tuned),
    line(`${how}, set aside`, aside),
    ...tuned.faults,
  ];
  process.stdout.write(`${shown.join('\n')}\n`);
}

function hold({ tuned, aside }: { tuned: Figures; aside: Figures }): void {
  expect(tuned.total + aside.total).toBeGreaterThanOrEqual(300);
  expect([tuned.wrongDestructions, aside.wrongDestructions]).toEqual([0, 0]);
  expect(aside.right / aside.total).toBeGreaterThanOrEqual(0.9);
  expect(aside.asked / aside.questions).toBeGreaterThanOrEqual(0.9);
}

/** `npm run eval:intent` shows the figures, and what went wrong in the half that the rules were tuned on. */
test('the built-in model does what people say, and destroys nothing on a guess', async () => {
  const figures = await evaluate();
  show('by text', figures);
  hold(figures);
}, 60_000);

/** Search by meaning may help it, and must not make it worse. */
(real ? test : test.skip)(
  'nor with a search by meaning, which makes it no worse (skipped without the model)',
  async () => {
    const figures = await evaluate(() => new ItemSearch(real));
    show('by meaning', figures);
    hold(figures);
    const byText = await evaluate();
    expect(figures.aside.right).toBeGreaterThanOrEqual(byText.aside.right);
    expect(figures.tuned.right).toBeGreaterThanOrEqual(byText.tuned.right);
  },
  120_000,
);
