import { withLimits } from './with-limits.js';

/**
 * Settles as `work` does, or throws `late()` after `ms`, or the signal's reason
 * when it is aborted first.
 */
export function withTimeout<T>(
  ms: number,
  work: Promise<T>,
  late: () => Error,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  const cancelled = () => signal.reason as Error;
  return withLimits(work, { ms, signal, late, cancelled, stop: () => undefined });
}
