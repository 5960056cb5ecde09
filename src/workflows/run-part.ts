import { isCancellation } from '@temporalio/workflow';
import { toStepError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { RunInput, StepRecord } from '../contracts/run.js';
import { Block } from '../language/block.js';
import { runBlock } from '../language/interpret.js';
import { namesRead } from '../language/names-read.js';
import { ReturnSignal, StepFailure } from '../language/signals.js';
import type { Engine } from './engine.js';
import type { Mailbox } from './mailbox.js';
import { type Bounds, ContinueSignal, WorkflowEffects } from './workflow-effects.js';

/** What one history of a run comes to: its outcome, or the input of the next history. */
export type Part = { outcome: Outcome; effects: WorkflowEffects } | { next: RunInput };

/** Walks the Plan of a run, from where an earlier history left off. */
export async function runPart(
  input: RunInput,
  engine: Engine,
  mailbox: Mailbox,
  bounds?: Bounds,
): Promise<Part> {
  const records = new Map<string, StepRecord>(input.carried?.records);
  const spent = input.carried?.spent ?? { steps: 0, iterations: 0 };
  const effects = new WorkflowEffects(input, records, spent, engine, mailbox, bounds);
  const { limits, steps } = input.plan;
  const block = new Block();
  const reads = (name: string) => namesRead(input.plan)(name);
  const ctx = { limits, spent, records, reads, effects };
  try {
    if (input.cancelled) effects.cancel();
    await runBlock(ctx, steps, block, '');
    const { result } = block.outcome(() => false);
    return { outcome: { status: 'success', result }, effects };
  } catch (thrown) {
    const next = thrown instanceof ContinueSignal ? effects.carry() : Promise.reject(thrown);
    return next.then(
      (input) => ({ next: input }),
      (failed) => ({ outcome: endOf(failed, effects.cancelled), effects }),
    );
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
