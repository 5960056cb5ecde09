import type { Limits } from '../contracts/plan.js';
import type { Spent } from '../contracts/run.js';

/** A tenth of a limit, and not less than something can be done with. */
export const grace = (limit: number, least: number): number =>
  Math.max(least, Math.ceil(limit / 10));

/** What a run may have spent when its ending is over. */
export const endingBounds = (limits: Limits, spent: Spent): Spent => ({
  steps: spent.steps + grace(limits.steps, 100),
  iterations: spent.iterations + grace(limits.iterations, 100),
  spawns: spent.spawns + grace(limits.spawns, 10),
});
