import { isCancellation } from '@temporalio/workflow';
import { toStepError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { Plan } from '../contracts/plan.js';
import type { Ending, RunInput } from '../contracts/run/run-input.js';
import { NOTHING_SPENT } from '../contracts/run/spent.js';
import type { StepRecord } from '../contracts/run/records.js';
import { Block } from '../language/run/state/block.js';
import { endingOf, runEnding } from '../language/run/endings.js';
import { runBlock } from '../language/run/interpret.js';
import type { Interpretation } from '../language/run/state/interpretation.js';
import { namesRead } from '../language/plan/names-read.js';
import { ReturnSignal, StepFailure } from '../language/run/state/signals.js';
import { withHooks } from '../language/plan/steps/with-hooks.js';
import type { Engine } from './engine/engine.js';
import type { Mailbox } from './engine/mailbox.js';
import { ContinueSignal } from './engine/continue-signal.js';
import type { Bounds } from './engine/payload-budget.js';
import { WorkflowEffects } from './workflow-effects.js';

/** The end of one history of a run: the outcome, or the input of the next history. */
export type Part = { outcome: Outcome; effects: WorkflowEffects } | { next: RunInput };

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
  const ctx = { limits, spent, records, reads, effects };
  const ending = input.carried?.ending;
  try {
    const block = new Block();
    const next = ending ?? (await runSteps(ctx, plan, block, input.cancelled));
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
async function runSteps(
  ctx: Interpretation & { effects: WorkflowEffects },
  plan: Plan,
  block: Block,
  cancelled: boolean,
): Promise<Outcome | Ending> {
  const outcome = await stepsOutcome(ctx, plan, block, cancelled);
  return endingOf(plan, outcome, block) ?? outcome;
}

async function stepsOutcome(
  ctx: Interpretation & { effects: WorkflowEffects },
  plan: Plan,
  block: Block,
  cancelled: boolean,
): Promise<Outcome> {
  try {
    if (cancelled) ctx.effects.cancel();
    await runBlock(ctx, plan.steps, block, '');
    return { status: 'success', result: block.outcome(() => false).result };
  } catch (thrown) {
    if (thrown instanceof ContinueSignal) throw thrown;
    return endOf(thrown, ctx.effects.cancelled);
  }
}

function endOf(thrown: unknown, cancelled: boolean): Outcome {
  if (thrown instanceof ReturnSignal) return { status: 'success', result: thrown.value };
  if (cancelled || isCancellation(thrown)) {
    return {
      status: 'cancelled',
      error: { code: 'cancelled', message: 'The run was cancelled.' },
    };
  }
  if (thrown instanceof StepFailure) return { status: 'error', error: thrown.error };
  return { status: 'error', error: toStepError(thrown) };
}
