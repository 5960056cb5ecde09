import { MissionError } from './errors.js';

/** A failure of the platform, not of the step: Temporal repeats the work, and the step's attempts are not used up. */
export class PlatformFault extends Error {
  override readonly name = 'PlatformFault';
}

/** Converts a retryable `internal` MissionError, by which tools report faults of the platform, to a
 * {@link PlatformFault}. Other errors are returned unchanged.
 */
export function unlessPlatformFault(thrown: unknown): unknown {
  const ours = thrown instanceof MissionError && thrown.code === 'internal' && thrown.retryable;
  return ours ? new PlatformFault(thrown.message, { cause: thrown }) : thrown;
}
