import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING_SPENT, type Spent } from '../../src/contracts/run/spent.js';
import { LimitShares } from '../../src/workflows/limit-shares.js';

const LIMITS = { steps: 1_000, iterations: 2_000, spawns: 10, tokens: 400, cost_usd: 2 };
const spentOf = (changes: Partial<Spent> = {}): Spent => ({ ...NOTHING_SPENT, ...changes });

test('a segment that nothing runs beside may spend everything that is left', () => {
  const spent = spentOf({ steps: 100 });
  const share = new LimitShares(LIMITS, spent).take(1);
  expect(share).toEqual(spentOf({ steps: 900, iterations: 2_000 }));
  expect(spent).toMatchObject({ steps: 1_000, iterations: 2_000 });
});

test('one that others may run beside gets a part, and asks again for more', () => {
  const shares = new LimitShares({ ...LIMITS, steps: 100_000 }, spentOf());
  expect(shares.take(4)).toMatchObject({ steps: 500, iterations: 100 });
});

test('a child run gets as much as each of the lanes could have', () => {
  const spent = spentOf({ tokens: 100 });
  const share = new LimitShares(LIMITS, spent).reserve(3);
  expect(share).toEqual({ steps: 333, iterations: 666, spawns: 3, tokens: 100, cost_usd: 2 / 3 });
  expect(spent.tokens).toBe(200);
});

test('what was set aside and not used comes back, and whoever waits for it is woken', async () => {
  const spent = spentOf();
  const shares = new LimitShares(LIMITS, spent);
  const share = shares.take(1);
  expect(shares.outstanding).toBe(true);
  const woken = Promise.all([shares.returned(), shares.returned()]);
  shares.giveBack(share, spentOf({ steps: 3, iterations: 1 }));
  await woken;
  expect(shares.outstanding).toBe(false);
  expect(spent).toEqual(spentOf({ steps: 3, iterations: 1 }));
});

test('a share that turns out to be smaller stays outstanding', () => {
  const spent = spentOf();
  const shares = new LimitShares(LIMITS, spent);
  const share = shares.reserve(1);
  shares.trim(share, spentOf({ steps: 10 }));
  expect(shares.outstanding).toBe(true);
  expect(spent).toEqual(spentOf({ steps: 10 }));
});

test('a model turn may spend what is left of the limits that there are, and nothing is set aside for it', () => {
  const { steps, iterations, spawns, tokens } = LIMITS;
  const spent = spentOf({ tokens: 500 });
  const shares = new LimitShares({ steps, iterations, spawns, tokens }, spent);
  expect(shares.budget()).toEqual({ tokens: 0 });
  expect(shares.outstanding).toBe(false);
  expect(spent).toEqual(spentOf({ tokens: 500 }));
});

test('whatever is taken, used and given back, lanes never spend more than the limits together', () => {
  const lane = fc.record({
    child: fc.boolean(),
    lanes: fc.integer({ min: 1, max: 8 }),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
    back: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(lane, { maxLength: 40 }), (lanes) => {
      const spent = spentOf();
      const shares = new LimitShares(LIMITS, spent);
      let used = 0;
      let held = 0;
      for (const { child, lanes: count, used: part, back } of lanes) {
        const share = child ? shares.reserve(count) : shares.take(count);
        const steps = Math.floor(share.steps * part);
        used += steps;
        if (back) shares.giveBack(share, spentOf({ steps }));
        else held += share.steps - steps;
        expect(spent.steps).toBe(used + held);
        expect(spent.steps).toBeLessThanOrEqual(LIMITS.steps);
        expect(spent.cost_usd).toBeLessThanOrEqual(LIMITS.cost_usd);
      }
    }),
  );
});
