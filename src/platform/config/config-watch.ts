import type { Logger } from 'pino';
import { isStale, type ConfigStamp } from './config-stamp.js';

const LOOK_MS = 5_000;

/**
 * Looks at the operator's file now and then, and logs once that it was changed: a process works with what it read at
 * its start. Gives back what ends it.
 */
export function watchConfig(stamp: ConfigStamp, log: Logger, everyMs = LOOK_MS): () => void {
  let told = false;
  const timer = setInterval(() => {
    const stale = isStale(stamp);
    if (stale && !told) log.warn({ file: stamp.file }, `${stamp.file} was changed: ${RESTART}`);
    told = stale;
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

const RESTART = 'this process works with what it read at its start; restart Mission Control';
