import { numberProblem } from '../../contracts/json/number-problem.js';
import type { Report } from './report.js';
import type { Span } from './tree.js';

/**
 * Reports a number that a double cannot represent exactly, and warns where the author may have meant a string.
 * @param source the number as it was written
 * @returns false when the value must not be used
 */
export function checkNumber(report: Report, value: number, source: string, at: Span): boolean {
  if (!/\d/.test(source)) {
    const message = `${value} is not a number in JSON`;
    report.add('invalid_number', at, message, 'quote it, or leave it out');
    return false;
  }
  const problem = numberProblem(source);
  if (problem) report.add('invalid_number', at, problem.message, problem.hint);
  else warn(report, value, source, at);
  return !problem;
}

function warn(report: Report, value: number, source: string, at: Span): void {
  const hint = `if it is a text, quote it: "${source}"`;
  if (/^[+-]?0\d/.test(source)) {
    const message = `${source} is read as the number ${value}, without the leading zero`;
    report.add('leading_zero', at, message, hint);
  } else if (/^[+-]?\d+$/.test(source) && !Number.isSafeInteger(value)) {
    const message = `${source} is larger than 2^53: arithmetic with it is not exact`;
    report.add('large_number', at, message, hint);
  }
}
