import { readFields } from '../../fields/fields.js';
import { NO_RESULT } from '../../check/result-fields.js';
import { readTemplate } from '../../check/template.js';
import { FAIL } from '../../../definition/endings.js';
import { ERROR_CODE } from '../../../definition/names.js';
import { describe, isNull } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';

/** Compiles a `return` step, which ends the run with success. */
export function buildReturn({ place, common, fields, value }: StepSource): Built {
  if (place.ending) {
    const message = `a return is not allowed in ${place.ending}`;
    place.report.add('misplaced_key', fields.at('return'), message, 'remove it');
  }
  return {
    step: { ...common, kind: 'return', value: readTemplate(place, value) },
    result: NO_RESULT,
  };
}

/** Compiles a `fail` step, which ends the run, or the loop's item, with an error. */
export function buildFail({ place, common, value, fields }: StepSource): Built | undefined {
  if (fields.has('on_error')) {
    place.report.add(
      'misplaced_key',
      fields.at('on_error'),
      '"fail" takes no "on_error"',
      'remove it',
    );
  }
  if (value.type === 'scalar' && !isNull(value)) {
    const message = readTemplate(place, value);
    return { step: { ...common, kind: 'fail', message }, result: NO_RESULT };
  }
  return buildFailMap({ place, common, value });
}

function buildFailMap({
  place,
  common,
  value,
}: Pick<StepSource, 'place' | 'common' | 'value'>): Built | undefined {
  if (value.type === 'list' || isNull(value)) {
    const message = `"fail" must be text or a map, but is ${describe(value)}`;
    place.report.add('invalid_type', value, message, 'write what went wrong');
    return undefined;
  }
  const parts = readFields(place.report, value, FAIL, '"fail"');
  if (!parts) return undefined;
  const message = readTemplate(place, parts.get('message'));
  const [code, data] = [parts.get('code'), parts.get('data')];
  const literal = code && readTemplate(place, code);
  if (
    code &&
    !(typeof literal === 'string' && (literal.includes('{{') || ERROR_CODE.test(literal)))
  ) {
    const problem = `${describe(code)} is not a valid error code`;
    if (code.type !== 'unknown')
      place.report.add('invalid_value', code, problem, 'use lower-case letters, digits and _');
  }
  const rest = {
    ...(literal !== undefined && { code: literal }),
    ...(data && { data: readTemplate(place, data) }),
  };
  return { step: { ...common, kind: 'fail', message, ...rest }, result: NO_RESULT };
}
