/**
 * The three cases: single runs of 40 steps and of one step, and many flows at a time. There every way is measured
 * for about as long, since at the end of a measurement fewer flows are under way: fused steps get `more` flows.
 */
export const CASES = {
  a: { steps: 40, flows: 3, size: 1, title: 'a: 40 steps one after another', unit: 'ms' },
  b: { steps: 1, flows: 10, size: 1, title: 'b: one step', unit: 'ms' },
  c: {
    steps: 10,
    flows: 150,
    more: 3,
    size: 50,
    title: 'c: 10-step flows, 50 in flight',
    unit: 'flows/s',
  },
};

export const median = (values) => values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)];

/** Milliseconds a run, or runs a second. */
const valueOf = ({ unit, flows }, ms) => (unit === 'ms' ? ms / flows : (flows * 1000) / ms);

/** Every way in turn, so many times; the median of each, by the way's name. */
export async function alternate(ways, shape, times, onRound) {
  const values = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 1; round <= times; round += 1) {
    for (const [name, run] of Object.entries(ways)) {
      const flows = shape.flows * (name === 'fused' ? (shape.more ?? 1) : 1);
      const each = { ...shape, flows };
      values[name].push(valueOf(each, (await run(each)).ms));
    }
    onRound(round, values);
  }
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, median(all)]));
}
