import type { Limits, PlanStep } from '../../../contracts/plan.js';
import type { Spent } from '../../../contracts/run/spent.js';
import type { StepRecord } from '../../../contracts/run/records.js';
import type { Block } from './block.js';
import type { Effects } from './effects.js';

/** One interpretation under way: the same in a workflow and in a segment, but for the effects. */
export interface Interpretation {
  /** What may be spent; exactly n is allowed. `concurrency`: lanes of the run at once, loops in loops included; `depth`: generations below this run. */
  limits: Pick<Limits, keyof Spent | 'concurrency' | 'depth'>;
  spent: Spent;
  /** What is known already; the interpreter adds to it. */
  records: Map<string, StepRecord>;
  /** True for the names that some `steps.NAME` reads. */
  reads(name: string): boolean;
  effects: Effects;
  /** Runs a list of steps: those of a step that is made of steps, of a handler, of a hook. */
  runBlock: RunBlock;
}

/** How a step that is made of steps runs them. */
export type RunBlock = (
  ctx: Interpretation,
  steps: readonly PlanStep[],
  block: Block,
  iteration: string,
) => Promise<void>;

type Counted = 'steps' | 'iterations' | 'spawns';

/** Counts one more, unless the limit is used up. */
export async function spend(ctx: Interpretation, limit: Counted): Promise<void> {
  while (ctx.spent[limit] >= ctx.limits[limit]) await ctx.effects.exceeded(limit);
  ctx.spent[limit]++;
}
