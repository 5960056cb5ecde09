import { isCancellation } from '@temporalio/workflow';
import { toStepError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { Plan } from '../contracts/plan.js';
import type { Ending, RunInput } from '../contracts/run/run-input.js';
import { NOTHING_SPENT } from '../contracts/run/spent.js';
import type { StepRecord } from '../contracts/run/records.js';
import { runEnding } from '../language/run/endings.js';
import { runBlock } from '../language/run/interpret.js';
import type { Interpretation } from '../language/run/state/interpretation.js';
import { namesRead } from '../language/plan/names-read.js';
import { outcomeOf } from '../language/run/state/outcome-of.js';
import { ReturnSignal } from '../language/run/state/signals.js';
import { walkPlan } from '../language/run/walk-plan.js';
import { withHooks } from '../language/plan/steps/with-hooks.js';
import type { Engine } from './engine/engine.js';
import type { Mailbox } from './engine/mailbox.js';
import { ContinueSignal } from './engine/continue-signal.js';
import type { Bounds } from './engine/payload-budget.js';
import { WorkflowEffects } from './workflow-effects.js';

/** The end of one history of a run: the outcome, or the input of the next history. */
export type Part = { outcome: Outcome; effects: WorkflowEffects } | { next: RunInput };

type Context = Interpretation & { effects: WorkflowEffects };

/** Interprets the Plan of a run, from the point where an earlier history stopped. */
export async function runPart(
  input: RunInput,
  engine: Engine,
  mailbox: Mailbox,
  bounds?: Bounds,
): Promise<Part> {
  const records = new Map<string, StepRecord>(input.carried?.records ?? input.seed);
  const spent = { ...NOTHING_SPENT, ...input.carried?.spent };
  const effects = new WorkflowEffects(engine, { input, records, spent, mailbox, bounds });
  const plan = withHooks(input.plan);
  const reads = (name: string) => namesRead(plan)(name);
  const limits = input.bounds?.limits ?? plan.limits;
  const ctx = { limits, spent, records, reads, effects, runBlock };
  const ending = input.carried?.ending;
  try {
    const next = ending ?? (await runSteps(ctx, plan, input.cancelled));
    if (!('scope' in next)) return { outcome: next, effects };
    effects.beginEnding(next);
    const bounded = { ...ctx, limits: { ...limits, ...next.bounds } };
    const outcome = await engine.shielded(() => runEnding(bounded, plan, next));
    return { outcome, effects };
  } catch (thrown) {
    const next = thrown instanceof ContinueSignal ? effects.carry() : Promise.reject(thrown);
    return next.then(
      (input) => ({ next: input }),
      (failed) => ({ outcome: endOf(failed, effects.cancelled), effects }),
    );
  }
}

/** Runs the steps; returns the outcome, or the ending phase that must run first. */
async function runSteps(ctx: Context, plan: Plan, cancelled: boolean): Promise<Outcome | Ending> {
  // A run that was cancelled before it began runs no step, but has its ending.
  const steps = cancelled ? { ...ctx, runBlock: () => ctx.effects.cancel() } : ctx;
  const { outcome, ending } = await walkPlan(steps, plan, (thrown) => {
    if (thrown instanceof ContinueSignal) throw thrown;
    return endOf(thrown, ctx.effects.cancelled);
  });
  return ending ?? outcome;
}

function endOf(thrown: unknown, cancelled: boolean): Outcome {
  const isCancelled = cancelled || isCancellation(thrown);
  if (isCancelled && !(thrown instanceof ReturnSignal)) {
    return {
      status: 'cancelled',
      error: { code: 'cancelled', message: 'The run was cancelled.' },
    };
  }
  return outcomeOf(thrown) ?? { status: 'error', error: toStepError(thrown) };
}
