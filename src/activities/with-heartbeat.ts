import { CancelledFailure, heartbeat } from '@temporalio/activity';

const HEARTBEAT_MS = 3_000;

/** Sends heartbeats to Temporal while work runs: they show that this worker is alive, and their answers carry the run's cancellation. */
export async function withHeartbeat<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted) throw new CancelledFailure('cancelled');
    throw thrown;
  } finally {
    clearInterval(beat);
  }
}
