import type { Logger } from '../platform/logger.js';
import type { ArtifactStore } from '../runs/values/artifact-store.js';

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

/**
 * Deletes the artifacts of runs that ended more than `days` days ago: after a minute, then each hour. Several workers may
 * do it at once. Returns a function that stops it.
 */
export function forgetHourly(
  artifacts: ArtifactStore,
  days: number,
  logger: Logger,
): () => Promise<void> {
  const forget = (): void => {
    artifacts
      .forget(days)
      .catch((error) =>
        logger.warn(
          { error: String(error) },
          'expired artifacts could not be deleted; they stay until the next attempt',
        ),
      );
  };
  const timers = [setTimeout(forget, FIRST_MS), setInterval(forget, EVERY_MS)];
  return async () => timers.forEach(clearTimeout);
}
