import { isObject } from '../../contracts/json/json.js';
import type { ErrorView } from '../client/views.js';
import { errorText } from './error-text.js';

const MOST_LINES = 10;

/** An error for people: its words, and below them the frames of the author's own files, or the end of stderr. */
export function renderError(error: ErrorView): string {
  return [errorText(error) + placeOf(error), ...linesBelow(error)].join('\n');
}

/** Where it happened, where the words do not tell it. */
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
  // A shell's last line is in the message.
  const isTold = lines.length === 1 && message.includes(lines[0]!.trim());
  return isTold ? [] : lines.map((line) => `    ${line}`);
}

const frameLine = (frame: string) =>
  frame.startsWith('caused by ') ? `  ${frame}` : `    at ${frame}`;
