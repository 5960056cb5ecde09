import type { Logger } from '../platform/logger.js';

const LONGEST_MS = 10_000;

/** Does something until it works: a worker waits for its engine and its database, it does not give up. */
export async function retryUntilReady<T>(
  what: string,
  logger: Logger,
  work: () => Promise<T>,
  stopped: () => boolean = () => false,
): Promise<T> {
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, LONGEST_MS)) {
    try {
      return await work();
    } catch (error) {
      if (stopped()) throw error;
      logger.warn({ error: String(error) }, `${what} is not there yet; trying again`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
