import { stripVTControlCharacters } from 'node:util';

const width = (text: string) => stripVTControlCharacters(text).length;

/** Rows under a head, columns padded to their widest cell, two blanks between; the last column is not padded. */
export function table(head: string[], rows: string[][]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((row) => width(row[column] ?? ''))));
  const pad = (cell: string, column: number) => cell + ' '.repeat(widths[column]! - width(cell));
  return lines.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
