import type { Logger } from '../platform/logger.js';

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

/**
 * Deletes what has expired: after a minute, then each hour. Several workers may do it at once. Returns a function that
 * stops it.
 */
export function forgetHourly(
  what: string,
  forget: () => Promise<void>,
  logger: Logger,
): () => Promise<void> {
  const attempt = (): void => {
    forget().catch((error) =>
      logger.warn(
        { error: String(error) },
        `expired ${what} could not be deleted; they stay until the next attempt`,
      ),
    );
  };
  const timers = [setTimeout(attempt, FIRST_MS), setInterval(attempt, EVERY_MS)];
  return async () => timers.forEach(clearTimeout);
}
