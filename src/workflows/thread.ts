import {
  condition,
  continueAsNew,
  proxyLocalActivities,
  setHandler,
  defineSignal,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities.js';
import { THREAD_SIGNAL } from '../contracts/engine.js';
import type { ThreadInput, ThreadProgress } from '../contracts/thread.js';

const activities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', maximumInterval: '10s' },
});

/** Milliseconds after which a thread looks at the database without a signal: a signal may be lost by a reset. */
const LOOK_MS = 60_000;

/**
 * One conversation. It answers its messages one after the other: each by a run, whose end is signalled. What was said
 * and what is to be done next is in the database, so that neither a reset nor continue-as-new forgets or repeats a
 * message; this workflow is what does not stop before it is done.
 */
export async function Thread(input: ThreadInput): Promise<void> {
  let signals = 0;
  setHandler(defineSignal(THREAD_SIGNAL), () => void signals++);
  for (;;) {
    const seen = signals;
    const progress = await activities['thread.advance'](input.thread_id);
    setCurrentDetails(detailsOf(progress));
    if (progress.state === 'closed') return;
    if (signals > seen) continue;
    const waits = progress.state === 'waiting';
    const isSignalled = await condition(
      () => signals > seen,
      waits ? (input.idle_ms ?? LOOK_MS * 60) : LOOK_MS,
    );
    if (!isSignalled && waits && input.idle_ms !== undefined) {
      if (await activities['thread.expire'](input.thread_id)) return;
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof Thread>(input);
  }
}

const detailsOf = (progress: ThreadProgress): string =>
  progress.state === 'answering'
    ? `answering, by run ${progress.run_id}`
    : progress.state === 'waiting'
      ? 'waiting for a message'
      : 'closed';
