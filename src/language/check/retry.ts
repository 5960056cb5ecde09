import type { RetryPolicy } from '../../contracts/plan.js';
import type { Report } from '../parse/report.js';
import type { Node } from '../parse/tree.js';
import { readFields, required, type Fields } from './fields.js';
import { readBoolean, readNumber, readTexts } from './scalars.js';

const SHAPE = {
  known: [
    'attempts',
    'initial_seconds',
    'factor',
    'maximum_seconds',
    'jitter',
    'retry_on',
    'abort_on',
  ],
};
const CODE = /^[a-z][a-z0-9_]*$/;

/** A policy of so many attempts, with the default delays. */
export const attemptsOnly = (attempts: number): RetryPolicy => ({
  attempts,
  initial_seconds: 1,
  factor: 2,
  maximum_seconds: 60,
  jitter: true,
});

/** Reads `retry`, filled up with the defaults. */
export function readRetry(report: Report, node: Node | undefined): RetryPolicy | undefined {
  const fields = node && readFields(report, node, SHAPE, '"retry"');
  if (!fields) return undefined;
  const attempts = required(report, fields, 'attempts', '"retry"');
  const number = (key: string, least: number): Record<string, number> => {
    const value = readNumber(report, fields.get(key), `"${key}"`, { least, most: 86_400 });
    return value === undefined ? {} : { [key]: value };
  };
  const jitter = readBoolean(report, fields.get('jitter'), '"jitter"');
  return {
    ...attemptsOnly(
      readNumber(report, attempts, '"attempts"', { integer: true, least: 1, most: 1000 }) ?? 1,
    ),
    ...number('initial_seconds', 0),
    ...number('factor', 1),
    ...number('maximum_seconds', 0),
    ...(jitter !== undefined && { jitter }),
    ...readCodes(report, fields, 'retry_on'),
    ...readCodes(report, fields, 'abort_on'),
  };
}

function readCodes(report: Report, fields: Fields, key: string): Record<string, string[]> {
  const node = fields.get(key);
  const codes = readTexts(report, node, `"${key}"`);
  for (const code of codes ?? []) {
    const hint = 'codes are words such as timeout or script_error';
    if (!CODE.test(code))
      report.add('invalid_value', node!, `"${code}" is not an error code`, hint);
  }
  return codes ? { [key]: codes } : {};
}
