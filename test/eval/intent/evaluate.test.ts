import { expect, test } from '@jest/globals';
import { evaluate, type Figures } from './evaluate.js';

const line = (
  name: string,
  { right, total, asked, questions, wrongDestructions }: Figures,
): string =>
  `${name.padEnd(12)} right ${right}/${total} (${((100 * right) / total).toFixed(1)} %)  asked when needed ${asked}/${questions}  wrong destructive runs ${wrongDestructions}`;

/** `npm run eval:intent` shows the figures, and what went wrong in the half that the rules were tuned on. */
test('the built-in model does what people say, and destroys nothing on a guess', async () => {
  const { tuned, aside } = await evaluate();
  if (process.env['EVAL_SHOW']) {
    const shown = [line('tuned on', tuned), line('set aside', aside), ...tuned.faults];
    process.stdout.write(`${shown.join('\n')}\n`);
  }
  expect(tuned.total + aside.total).toBeGreaterThanOrEqual(300);
  expect([tuned.wrongDestructions, aside.wrongDestructions]).toEqual([0, 0]);
  expect(aside.right / aside.total).toBeGreaterThanOrEqual(0.9);
  expect(aside.asked / aside.questions).toBeGreaterThanOrEqual(0.9);
}, 60_000);
