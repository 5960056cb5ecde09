import type { Session } from '../client/session.js';
import type { LogView } from '../client/views.js';

/** Colours by the API's names of log levels. */
export const LEVEL_COLOURS = { ERROR: 'red', WARN: 'yellow', INFO: 'cyan', DEBUG: 'dim' } as const;

/** Formats one log entry. */
export function logLine(session: Session, { at, level, source, message, data }: LogView): string {
  const mark = session.paint(
    LEVEL_COLOURS[level as keyof typeof LEVEL_COLOURS] ?? 'dim',
    level.toLowerCase().padEnd(5),
  );
  const more = data === null ? '' : ` ${session.paint('dim', JSON.stringify(data))}`;
  return `${session.paint('dim', at)} ${mark} ${source}  ${message}${more}`;
}
