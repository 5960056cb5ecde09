import type { Logger } from '../platform/logger.js';
import type { ArtifactStore } from '../runs/values/artifact-store.js';

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

/** Forgets files of runs that ended long ago, now and then; several workers do each other no harm. Returns its end. */
export function forgetHourly(
  artifacts: ArtifactStore,
  days: number,
  logger: Logger,
): () => Promise<void> {
  const forget = () =>
    artifacts
      .forget(days)
      .catch((error) => logger.warn({ error: String(error) }, 'old artifacts stay for now'));
  const timers = [setTimeout(forget, FIRST_MS), setInterval(forget, EVERY_MS)];
  return async () => timers.forEach(clearTimeout);
}
