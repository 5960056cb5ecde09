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

/** Most milliseconds to wait for Temporal's cancellation request after the journal reported the cancellation. */
const REQUEST_MS = 60_000;

/**
 * Runs one directive by its Plan, which is pinned in the input. As the default export it handles every workflow type, so
 * that Temporal Web UI shows the directive's name as the type.
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

/** Carries a cancellation into the next history, because Temporal does not repeat the request there. */
const stillCancelled = (next: RunInput): RunInput => ({
  ...next,
  cancelled: next.cancelled || CancellationScope.current().consideredCancelled,
});

/** True if an operator reset the workflow. Steps must then check the journal for what the earlier run did. */
function wasReset({ carried }: RunInput): boolean {
  const { runId, firstExecutionRunId } = workflowInfo();
  return !carried && runId !== firstExecutionRunId;
}

/**
 * Waits for Temporal's cancellation request, which may arrive after the journal reported the cancellation. Without the
 * request Temporal would record the workflow as failed.
 */
async function engineCancels(): Promise<void> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) return;
  const timeout = CancellationScope.nonCancellable(() => sleep(REQUEST_MS));
  await Promise.race([scope.cancelRequested.catch(() => {}), timeout]);
}

/** Ends the workflow with the status of the run, so that Temporal Web UI shows the same status. */
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
