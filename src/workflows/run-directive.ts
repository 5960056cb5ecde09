import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  setDefaultSignalHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../contracts/engine.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json } from '../contracts/json/json.js';
import { NOTHING_SPENT } from '../contracts/run/spent.js';
import type { RunInput } from '../contracts/run/run-input.js';
import type { ShadowOrder } from '../contracts/run/shadow.js';
import { Mailbox } from './engine/mailbox.js';
import { type Part, runPart } from './run-part.js';
import { shadowOutcome } from './shadow.js';
import { WorkflowEffects } from './workflow-effects.js';
import { temporalEngine } from './engine/temporal-engine.js';

/** How long the engine's own request to cancel may take to arrive. */
const REQUEST_MS = 60_000;

/**
 * Runs one directive: walks its Plan, which is pinned in the input. Being the default export it runs
 * under any workflow type, so that Temporal Web UI shows the directive's own name.
 */
export default async function runDirective(input: RunInput): Promise<Json> {
  const mailbox = new Mailbox(
    input.carried?.mail ?? { seen: [], kept: [], pauses: input.pauses ?? 0 },
  );
  setDefaultSignalHandler((signal, ...content) => mailbox.receive(signal, content));
  const recovered = input.recovered || wasReset(input);
  const part = input.shadow
    ? await runShadow(input, input.shadow, mailbox)
    : await runPart({ ...input, recovered }, temporalEngine, mailbox);
  if ('next' in part) return continueAsNew<typeof runDirective>(stillCancelled(part.next));
  const { outcome, effects } = part;
  await CancellationScope.nonCancellable(() => effects.finish(outcome));
  if (input.searchable) upsertSearchAttributes({ [SEARCH_ATTRIBUTES.status]: [outcome.status] });
  if (outcome.status === 'cancelled') await engineCancels();
  return conclude(outcome);
}

async function runShadow(input: RunInput, order: ShadowOrder, mailbox: Mailbox): Promise<Part> {
  const spent = { ...NOTHING_SPENT };
  const effects = new WorkflowEffects(temporalEngine, { input, spent, mailbox });
  return { outcome: await shadowOutcome(input, order), effects };
}

/** The engine does not tell a run's next history that it was asked to end. */
const stillCancelled = (next: RunInput): RunInput => ({
  ...next,
  cancelled: next.cancelled || CancellationScope.current().consideredCancelled,
});

/** An operator took an earlier run of this workflow back: the journal knows what that one did. */
function wasReset({ carried }: RunInput): boolean {
  const { runId, firstExecutionRunId } = workflowInfo();
  return !carried && runId !== firstExecutionRunId;
}

/**
 * The journal may tell of a cancellation before the engine does, whose own request is under way. Without
 * that request the engine would call the run failed.
 */
async function engineCancels(): Promise<void> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) return;
  const late = CancellationScope.nonCancellable(() => sleep(REQUEST_MS));
  await Promise.race([scope.cancelRequested.catch(() => {}), late]);
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
