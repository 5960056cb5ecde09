import type { Diagnostic } from '../../contracts/diagnostic.js';
import { paint } from '../io.js';

const COLOURS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/** `file:line:column error code message`, the source line with a caret, and the hint. */
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

/** The line at fault and a caret under the column; nothing where the text has no such line. */
function excerpt(source: string, { line, column }: Diagnostic): string[] {
  const text = source.split(/\r?\n/, line)[line - 1];
  if (text === undefined || text.trim() === '' || column > WIDEST) return [];
  const margin = `  ${line} | `;
  const before = [...text].slice(0, column - 1).map((char) => (char === '\t' ? char : ' '));
  return [margin + text.slice(0, WIDEST), `${' '.repeat(margin.length - 2)}| ${before.join('')}^`];
}
