import { stringify } from 'yaml';
import type { Json } from '../../contracts/json/json.js';

const MOST_LINES = 400;

/**
 * The lines in which two values differ as YAML: `- ` is expected, `+ ` is
 * actual.
 */
export function diff(expected: Json, got: Json): string[] {
  const [a, b] = [linesOf(expected), linesOf(got)];
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return [
    ...a.slice(Math.max(0, start - 2), start).map((line) => `  ${line}`),
    ...aligned(left, right),
    ...a.slice(a.length - end, a.length - end + 2).map((line) => `  ${line}`),
  ];
}

function linesOf(value: Json): string[] {
  const text = stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd();
  const lines = text.split('\n');
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), '…'];
}

/** Aligns two lists of lines on their longest common subsequence. */
function aligned(a: string[], b: string[]): string[] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i]![j] =
        a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i++]}`);
      j++;
    } else if (i < a.length && (j === b.length || table[i + 1]![j]! >= table[i]![j + 1]!)) {
      lines.push(`- ${a[i++]}`);
    } else lines.push(`+ ${b[j++]}`);
  }
  return lines;
}
