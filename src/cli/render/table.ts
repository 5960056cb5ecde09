import { stripVTControlCharacters } from 'node:util';

const GAP = 2;
/** Minimum width of a column that is cut. */
const LEAST = 12;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Length of a shortened id; the commands accept ids of this length. */
const SHORT_ID = 8;

const width = (text: string) => stripVTControlCharacters(text).length;

/**
 * Formats rows under a head: columns padded to their widest cell and separated
 * by two spaces; the last column is not padded. If the table is wider than
 * `columns`, ids are shortened, then the last column is cut, then the widest
 * ones.
 */
export function table(head: string[], rows: string[][], columns = Infinity): string {
  const whole = [head, ...rows];
  const lines = totalOf(widthsOf(whole)) > columns ? whole.map((row) => row.map(shortId)) : whole;
  const widths = fit(widthsOf(lines), columns);
  const pad = (cell: string, column: number) => {
    const shown = cut(cell, widths[column]!);
    return shown + ' '.repeat(Math.max(0, widths[column]! - width(shown)));
  };
  return lines.map((row) => row.map(pad).join(' '.repeat(GAP)).trimEnd()).join('\n');
}

const widthsOf = (lines: readonly string[][]): number[] =>
  lines[0]!.map((_, column) => Math.max(...lines.map((row) => width(row[column] ?? ''))));

const totalOf = (widths: readonly number[]): number =>
  widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1));

/**
 * Shrinks columns to the available width. The first column names the row and is
 * never cut.
 */
function fit(natural: readonly number[], columns: number): number[] {
  const widths = [...natural];
  const last = widths.length - 1;
  const order = widths.map((_, column) => column).filter((column) => column > 0 && column < last);
  const byWidth = order.sort((one, other) => widths[other]! - widths[one]!);
  for (const column of last > 0 ? [last, ...byWidth] : []) {
    const excess = totalOf(widths) - columns;
    if (excess <= 0) break;
    widths[column] = Math.max(Math.min(LEAST, widths[column]!), widths[column]! - excess);
  }
  return widths;
}

const shortId = (cell: string): string => (UUID.test(cell) ? cell.slice(0, SHORT_ID) : cell);

/**
 * Cells in colour are not cut: they are short, and a cut could remove the code
 * that ends the colour.
 */
const cut = (cell: string, most: number): string =>
  cell.length > most && width(cell) === cell.length ? `${cell.slice(0, most - 1)}…` : cell;
