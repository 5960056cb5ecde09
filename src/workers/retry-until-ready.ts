import type { Logger } from '../platform/logger.js';

const MAX_PAUSE_MS = 10_000;

/**
 * Repeats `work` until it succeeds, after 250 ms, 500 ms … at most 10 s: a worker waits for Temporal and its database.
 * Throws the last error only when `stopped` returns true.
 */
export async function retryUntilReady<T>(
  what: string,
  logger: Logger,
  work: () => Promise<T>,
  stopped: () => boolean = () => false,
): Promise<T> {
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (stopped()) throw error;
      logger.warn({ error: String(error) }, `${what} is not available yet; trying again`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
