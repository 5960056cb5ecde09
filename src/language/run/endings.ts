import type { StepError } from '../../contracts/errors.js';
import type { Outcome } from '../../contracts/execution.js';
import type { Plan } from '../../contracts/plan.js';
import type { Ending, Compensation } from '../../contracts/run/run-input.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { Block } from './state/block.js';
import { handlersOf, inner } from '../plan/steps/step-blocks.js';
import { onLimit } from './hooks.js';
import type { Interpretation } from './state/interpretation.js';
import { StepFailure } from './state/signals.js';
import { stepPositions } from '../plan/steps/step-positions.js';
import { compensationBlock } from './compensation.js';
import type { Effects } from './state/effects.js';

/** What the end of a run needs besides. */
export interface EndingEffects extends Effects {
  /** What is to be undone, the last completed first, from behind a place in that order on; empty at its end. */
  pendingCompensations(after: string | null): Promise<Compensation[]>;
  /** A compensation has failed for good: a person must see to it. */
  reportFailedCompensation(step: string, place: StepPlace, error: StepError): Promise<void>;
}

type Context = Interpretation & { effects: EndingEffects };

const compensated = new WeakMap<Plan, boolean>();

/** True when some step of the plan has a compensation. */
function hasCompensation(plan: Plan): boolean {
  let has = compensated.get(plan);
  if (has === undefined) {
    const search = (steps: Plan['steps']): boolean =>
      steps.some(
        (step) =>
          step.compensate !== undefined ||
          search(inner(step)) ||
          handlersOf(step).some(([, handlers]) => search([...handlers])),
      );
    has = search(plan.steps);
    compensated.set(plan, has);
  }
  return has;
}

/** What is left to do once a run's steps have ended, if anything. */
export function endingOf(plan: Plan, outcome: Outcome, block: Block): Ending | undefined {
  const undoes = outcome.status !== 'success' && hasCompensation(plan);
  const limit = plan.hooks?.on_limit !== undefined && metLimit(plan, outcome);
  if (!undoes && !limit && !plan.always) return undefined;
  const undo = undoes && { undo: { after: null } };
  return { outcome, scope: block.state(), ...(limit && { limit }), ...undo };
}

const metLimit = ({ limits }: Plan, { error }: Outcome): boolean =>
  Object.keys(limits).some((limit) => error?.code === `${limit}_exceeded`);

/** Undoes what has to be undone, and does what is always to be done. Answers with the run's outcome. */
export async function runEnding(ctx: Context, plan: Plan, ending: Ending): Promise<Outcome> {
  if (ending.limit) await tellOfLimit(ctx, plan, ending);
  delete ending.limit;
  if (ending.undo) await compensate(ctx, plan, ending.undo);
  delete ending.undo;
  return plan.always ? always(ctx, plan.always, ending) : ending.outcome;
}

async function tellOfLimit(ctx: Context, plan: Plan, { outcome, scope }: Ending): Promise<void> {
  const { retryable: _, ...error } = outcome.error!;
  const block = Block.resume(new Block(), scope);
  try {
    await onLimit(ctx, plan.hooks?.on_limit ?? [], block, { ...error });
  } catch (thrown) {
    if (!(thrown instanceof StepFailure)) throw thrown;
  }
}

/** The last that was completed comes first. The rows of the journal tell what that was. */
async function compensate(ctx: Context, plan: Plan, undo: NonNullable<Ending['undo']>) {
  for (;;) {
    const rows = await ctx.effects.pendingCompensations(undo.after);
    if (rows.length === 0) return;
    for (const row of rows) {
      if (!(await undone(ctx, plan, row))) return;
      undo.after = row.cursor;
    }
  }
}

/** One that fails after its retries is told to a person, and the rest goes on; not without steps or time left. */
async function undone(ctx: Context, plan: Plan, row: Compensation): Promise<boolean> {
  const { steps, index } = stepPositions(plan).get(row.path)!;
  const { compensate: list, name } = steps[index]!;
  try {
    if (list) await ctx.runBlock(ctx, list, compensationBlock(name, row), row.iteration);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof StepFailure)) throw thrown;
    await ctx.effects.reportFailedCompensation(name, row, thrown.error);
    return !thrown.fatal;
  }
}

/** Changes no result; that it fails does. */
async function always(ctx: Context, steps: Plan['steps'], ending: Ending): Promise<Outcome> {
  const { outcome, scope } = ending;
  const { retryable: _, ...error } = outcome.error ?? { code: '', message: '' };
  const outer = Block.resume(new Block(), scope);
  const block = new Block(outer, { error: outcome.error ? { ...error } : null });
  try {
    await ctx.runBlock(ctx, steps, block, '');
    return outcome;
  } catch (thrown) {
    if (!(thrown instanceof StepFailure)) throw thrown;
    if (outcome.status !== 'success') return outcome;
    const { code, message, step, data } = thrown.error;
    const text = `always: ${message}`;
    const about = {
      code,
      ...(step === undefined ? {} : { step }),
      ...(data === undefined ? {} : { data }),
    };
    return { status: 'error', error: { code: 'always_failed', message: text, data: about } };
  }
}
