import { CancelledFailure, heartbeat } from '@temporalio/activity';

const HEARTBEAT_MS = 3_000;

/** Sends heartbeats while work is under way: they tell the engine that this worker lives, and bring the run's cancellation. */
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
