import type { RetryPolicy } from '../../../contracts/plan.js';
import type { NumberRule } from '../../definition/key.js';
import { ERROR_CODE } from '../../definition/names.js';
import { RETRY } from '../../definition/step.js';
import type { Report } from '../../parse/report.js';
import type { Node } from '../../parse/tree.js';
import { readFields, type Fields } from '../fields/fields.js';
import { readBoolean, readNumber, readTexts } from '../fields/scalars.js';

/** A retry policy with a number of attempts and the default delays. */
export const attemptsOnly = (attempts: number): RetryPolicy => ({
  attempts,
  initial_seconds: RETRY.initial_seconds.default,
  factor: RETRY.factor.default,
  maximum_seconds: RETRY.maximum_seconds.default,
  jitter: RETRY.jitter.default,
});

/** Reads the key `retry`; missing fields get their defaults. */
export function readRetry(report: Report, node: Node | undefined): RetryPolicy | undefined {
  const fields = node && readFields(report, node, RETRY, '"retry"');
  if (!fields) return undefined;
  const number = (key: keyof typeof RETRY, rule: NumberRule): Record<string, number> => {
    const value = readNumber(report, fields.get(key), `"${key}"`, rule);
    return value === undefined ? {} : { [key]: value };
  };
  const jitter = readBoolean(report, fields.get('jitter'), '"jitter"');
  return {
    ...attemptsOnly(1),
    ...number('attempts', RETRY.attempts),
    ...number('initial_seconds', RETRY.initial_seconds),
    ...number('factor', RETRY.factor),
    ...number('maximum_seconds', RETRY.maximum_seconds),
    ...(jitter !== undefined && { jitter }),
    ...readCodes(report, fields, 'retry_on'),
    ...readCodes(report, fields, 'abort_on'),
  };
}

function readCodes(report: Report, fields: Fields, key: string): Record<string, string[]> {
  const node = fields.get(key);
  const codes = readTexts(report, node, `"${key}"`);
  for (const code of codes ?? []) {
    const hint = 'error codes are lower-case words such as timeout or script_error';
    if (!ERROR_CODE.test(code))
      report.add('invalid_value', node!, `"${code}" is not an error code`, hint);
  }
  return codes ? { [key]: codes } : {};
}
