import { isObject } from '../../contracts/json/json.js';
import type { ErrorView } from '../client/views.js';
import { errorText } from './error-text.js';

const MOST_LINES = 10;

/**
 * Formats an error: its message, and below it the frames in the project's
 * files, or the end of stderr.
 */
export function renderError(error: ErrorView): string {
  return [errorText(error) + placeOf(error), ...linesBelow(error)].join('\n');
}

/** The place of the error, where the message does not contain it. */
function placeOf({ data, message }: ErrorView): string {
  const at = isObject(data) ? data['at'] : undefined;
  return typeof at === 'string' && !message.includes(at) ? ` (${at})` : '';
}

function linesBelow({ data, message }: ErrorView): string[] {
  if (!isObject(data)) return [];
  const { trace, stderr } = data;
  if (Array.isArray(trace))
    return trace.slice(0, MOST_LINES).map((frame) => frameLine(String(frame)));
  if (typeof stderr !== 'string') return [];
  const lines = stderr.trimEnd().split('\n').slice(-MOST_LINES);
  // The message already contains the last line of a shell script's stderr.
  const isShown = lines.length === 1 && message.includes(lines[0]!.trim());
  return isShown ? [] : lines.map((line) => `    ${line}`);
}

const frameLine = (frame: string) =>
  frame.startsWith('caused by ') ? `  ${frame}` : `    at ${frame}`;
