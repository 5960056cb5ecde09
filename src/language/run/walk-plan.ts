import type { Outcome } from '../../contracts/execution.js';
import type { Plan } from '../../contracts/plan.js';
import type { Ending } from '../../contracts/run/run-input.js';
import { endingOf } from './endings.js';
import { Block } from './state/block.js';
import type { Interpretation } from './state/interpretation.js';

/** How the steps of a run ended, and what is still to be done before the run ends. */
export interface Walk {
  outcome: Outcome;
  ending: Ending | undefined;
}

/**
 * Runs the steps of a plan, from the first one on; what is known of them already is not repeated.
 * @param endOf the outcome of a run that is ended by what its steps throw; throws what ends no run
 */
export async function walkPlan(
  ctx: Interpretation,
  plan: Plan,
  endOf: (thrown: unknown) => Outcome,
): Promise<Walk> {
  const block = new Block();
  let outcome: Outcome;
  try {
    await ctx.runBlock(ctx, plan.steps, block, '');
    outcome = { status: 'success', result: block.outcome(() => false).result };
  } catch (thrown) {
    outcome = endOf(thrown);
  }
  return { outcome, ending: endingOf(plan, outcome, block) };
}
