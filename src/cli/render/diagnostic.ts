import type { Diagnostic } from '../../contracts/diagnostic.js';
import { paint } from '../terminal/io.js';

const COLOURS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/**
 * Formats a diagnostic as `file:line:column error code message`, the source
 * line with a caret, and the hint.
 */
export function renderDiagnostic(
  file: string,
  source: string,
  found: Diagnostic,
  stream: NodeJS.WritableStream,
): string {
  const colour = COLOURS[found.severity];
  const head = `${file}:${found.line}:${found.column} ${paint([colour, 'bold'], found.severity, stream)} ${paint('dim', found.code, stream)} ${found.message}`;
  const hint = found.hint ? [`  ${paint('cyan', 'hint:', stream)} ${found.hint}`] : [];
  return [head, ...excerpt(source, found).map((line) => paint('dim', line, stream)), ...hint].join(
    '\n',
  );
}

const WIDEST = 160;
/** Number of characters shown before the column, in a line that is cut. */
const BEFORE = 100;

/**
 * The faulty line, or the part of it around the column, with a caret below;
 * empty where the text has no such line.
 */
function excerpt(source: string, { line, column }: Diagnostic): string[] {
  const text = source.split(/\r?\n/, line)[line - 1];
  if (text === undefined || text.trim() === '') return [];
  const from = column > WIDEST ? column - 1 - BEFORE : 0;
  const margin = `  ${line} | `;
  const shown = [...text].slice(from, from + WIDEST);
  const cut = from > 0 ? '…' : '';
  const before = shown.slice(0, column - 1 - from).map((char) => (char === '\t' ? char : ' '));
  const caret = ' '.repeat(cut.length) + before.join('');
  return [margin + cut + shown.join(''), `${' '.repeat(margin.length - 2)}| ${caret}^`];
}
