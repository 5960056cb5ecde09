import type { Failure } from './expectations.js';
import type { TestResult } from './suite.js';
import { paint } from '../terminal/io.js';

/**
 * Formats a passed test in one line, and a failed one with the expected and the
 * actual values.
 */
export function renderTest(
  { name, failures, duration_ms }: TestResult,
  file: string,
  stream: NodeJS.WritableStream,
): string {
  const slow = duration_ms > 100 ? paint('dim', ` (${duration_ms} ms)`, stream) : '';
  if (failures.length === 0) return `  ${paint('green', '✓', stream)} ${name}${slow}`;
  const lines = failures.flatMap((each) => renderFailure(each, file, stream));
  return [`  ${paint('red', '✗', stream)} ${name}${slow}`, ...lines].join('\n');
}

function renderFailure(
  { line, message, diff }: Failure,
  file: string,
  stream: NodeJS.WritableStream,
): string[] {
  const title = diff ? `${message} (- expected, + came)` : message;
  return [
    `    ${paint('dim', `${file}:${line}`, stream)} ${title}`,
    ...(diff ?? []).map((each) => `      ${coloured(each, stream)}`),
  ];
}

function coloured(line: string, stream: NodeJS.WritableStream): string {
  if (line.startsWith('- ')) return paint('red', line, stream);
  return line.startsWith('+ ') ? paint('green', line, stream) : line;
}
