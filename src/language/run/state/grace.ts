import type { Limits } from '../../../contracts/plan.js';
import type { Spent } from '../../../contracts/run/spent.js';

type Bounds = Pick<Limits, keyof Spent>;

/** A tenth of a limit, and not less than something can be done with. */
export const grace = (limit: number, least: number): number =>
  Math.max(least, Math.ceil(limit / 10));

/** What a run may have spent when its ending is over. */
export const endingBounds = (limits: Bounds, spent: Spent): Bounds => ({
  steps: spent.steps + grace(limits.steps, 100),
  iterations: spent.iterations + grace(limits.iterations, 100),
  spawns: spent.spawns + grace(limits.spawns, 10),
  ...(limits.tokens !== undefined && { tokens: spent.tokens + grace(limits.tokens, 1) }),
  ...(limits.cost_usd !== undefined && { cost_usd: spent.cost_usd + limits.cost_usd / 10 }),
});
