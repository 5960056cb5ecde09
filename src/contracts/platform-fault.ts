import { MissionError } from './errors.js';

/** Not the step's failure but ours: the engine repeats the work, and no attempt is used up. */
export class PlatformFault extends Error {
  override readonly name = 'PlatformFault';
}

/** Tools mark what is not their caller's fault as `internal` and retryable; that must not fail the step. */
export function unlessPlatformFault(thrown: unknown): unknown {
  const ours = thrown instanceof MissionError && thrown.code === 'internal' && thrown.retryable;
  return ours ? new PlatformFault(thrown.message, { cause: thrown }) : thrown;
}
