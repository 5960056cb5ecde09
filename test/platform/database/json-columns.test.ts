import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openTestDatabase } from '../../support/stack.js';

/** Postgres keeps a number of JSON in decimal notation and writes it in a way of its own. */
test('numbers come back from a column of JSON as they were written', async () => {
  const { source, close } = await openTestDatabase();
  try {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
    const large = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(Number);
    const edges = [Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_VALUE, 2 ** 53, 1e21, 1e-7];
    const numbers = fc.array(fc.oneof(doubles, large), { minLength: 50, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(numbers, async (some) => {
        const text = JSON.stringify([...edges, ...some]);
        const [row] = await source.query('SELECT $1::jsonb AS value', [text]);
        expect(row.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 30 },
    );
  } finally {
    await close();
  }
});
