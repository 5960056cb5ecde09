import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  isCancellation,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../contracts/engine.js';
import { toStepError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json } from '../contracts/json.js';
import type { RunInput, StepRecord } from '../contracts/run.js';
import { Block } from '../language/block.js';
import { runBlock } from '../language/interpret.js';
import type { Interpretation } from '../language/interpretation.js';
import { namesRead } from '../language/names-read.js';
import { ReturnSignal, StepFailure } from '../language/signals.js';
import { ContinueSignal, WorkflowEffects } from './workflow-effects.js';

/**
 * Runs one directive: walks its Plan, which is pinned in the input. Being the default export it runs
 * under any workflow type, so that Temporal Web UI shows the directive's own name.
 */
export default async function runDirective(input: RunInput): Promise<Json> {
  const records = new Map<string, StepRecord>(input.carried?.records);
  const spent = input.carried?.spent ?? { steps: 0, iterations: 0 };
  const effects = new WorkflowEffects(input, records, spent);
  const reads = (name: string) => namesRead(input.plan)(name);
  const ctx = { limits: input.plan.limits, spent, records, reads, effects };
  const outcome = await outcomeOf(ctx, input, effects);
  if (!outcome) return continueAsNew<typeof runDirective>(await effects.carry());
  await CancellationScope.nonCancellable(() => effects.finish(outcome));
  if (input.searchable) upsertSearchAttributes({ [SEARCH_ATTRIBUTES.status]: [outcome.status] });
  return conclude(outcome);
}

/** How the run ended; undefined when it goes on in a new history. */
async function outcomeOf(
  ctx: Interpretation,
  { plan }: RunInput,
  effects: WorkflowEffects,
): Promise<Outcome | undefined> {
  const block = new Block();
  try {
    await runBlock(ctx, plan.steps, block, '');
    return { status: 'success', result: block.outcome(() => false).result };
  } catch (thrown) {
    if (thrown instanceof ContinueSignal) return undefined;
    if (thrown instanceof ReturnSignal) return { status: 'success', result: thrown.value };
    if (effects.cancelled || isCancellation(thrown)) {
      return {
        status: 'cancelled',
        error: { code: 'cancelled', message: 'The run was cancelled.' },
      };
    }
    if (thrown instanceof StepFailure) return { status: 'error', error: thrown.error };
    return { status: 'error', error: toStepError(thrown) };
  }
}

/** Ends the workflow as the run ended, so that Temporal Web UI says the same. */
function conclude({ status, result, error }: Outcome): Json {
  if (status === 'success') return result ?? null;
  if (status === 'cancelled') throw new CancelledFailure(error!.message);
  const details = error!.data === undefined ? [] : [error!.data];
  throw ApplicationFailure.create({
    message: error!.message,
    type: error!.code,
    nonRetryable: true,
    details,
  });
}
