import { ActivityCancellationType, isCancellation, scheduleActivity } from '@temporalio/workflow';
import type { Outcome } from '../contracts/execution.js';
import type { RunInput } from '../contracts/run/run-input.js';
import type { ShadowInput, ShadowOrder } from '../contracts/run/shadow.js';

/**
 * Runs a shadow run as one activity. It never waits and has no effects, so Temporal may restart it from the beginning.
 */
export async function shadowOutcome(
  { run, plan_hash, inputs }: RunInput,
  order: ShadowOrder,
): Promise<Outcome> {
  const input: ShadowInput = { ...order, run, plan_hash, inputs };
  try {
    return await scheduleActivity<Outcome>('run.shadow', [input], {
      startToCloseTimeout: '1h',
      heartbeatTimeout: '10s',
      retry: { initialInterval: '500ms', maximumInterval: '30s' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
  } catch (thrown) {
    if (!isCancellation(thrown)) throw thrown;
    const error = { code: 'cancelled', message: 'The run was cancelled.' };
    return { status: 'cancelled', error };
  }
}
