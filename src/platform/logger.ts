import { pino, type Logger } from 'pino';
import type { LogLevel } from '../contracts/script.js';

/**
 * A logger of JSON lines on stdout; the supervisor stores them in
 * `MISSION_HOME/logs`.
 */
export type { Logger };

/** @param clean transforms each line before it is written */
export const createLogger = (
  name: string,
  level: LogLevel = 'info',
  clean?: (line: string) => string,
): Logger =>
  pino({
    name,
    level,
    base: { name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(clean && { hooks: { streamWrite: clean } }),
  });
