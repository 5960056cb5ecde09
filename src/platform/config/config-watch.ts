import type { Logger } from 'pino';
import { isStale, type ConfigStamp } from './config-stamp.js';

const CHECK_MS = 5_000;

/**
 * Checks the operator's file at an interval and logs once when it has changed,
 * because a process keeps the configuration that it read at its start. Returns
 * a function that stops the checks.
 */
export function watchConfig(stamp: ConfigStamp, log: Logger, everyMs = CHECK_MS): () => void {
  let isReported = false;
  const timer = setInterval(() => {
    const stale = isStale(stamp);
    if (stale && !isReported)
      log.warn({ file: stamp.file }, `${stamp.file} was changed: ${RESTART}`);
    isReported = stale;
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

const RESTART =
  'this process uses the file as it was at start-up; restart Mission Control to apply the change';
