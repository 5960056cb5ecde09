import type { Session } from '../client/session.js';
import type { LogView } from '../client/views.js';

/** The colours of levels, as the API writes them. */
export const LEVEL_COLOURS = { ERROR: 'red', WARN: 'yellow', INFO: 'cyan', DEBUG: 'dim' } as const;

/** One log entry for people. */
export function logLine(session: Session, { at, level, source, message, data }: LogView): string {
  const mark = session.paint(
    LEVEL_COLOURS[level as keyof typeof LEVEL_COLOURS] ?? 'dim',
    level.toLowerCase().padEnd(5),
  );
  const more = data === null ? '' : ` ${session.paint('dim', JSON.stringify(data))}`;
  return `${session.paint('dim', at)} ${mark} ${source}  ${message}${more}`;
}
