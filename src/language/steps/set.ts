import { fieldsOf } from '../check/result-fields.js';
import { readTemplates } from '../check/template.js';
import { describe } from '../parse/tree.js';
import type { Built, StepSource } from './builder.js';

/** Names for values. */
export function buildSet({ place, common, value }: StepSource): Built | undefined {
  if (value.type === 'unknown') return undefined;
  if (value.type !== 'map') {
    const message = `"set" must be a map of values, and is ${describe(value)}`;
    place.report.add('invalid_type', value, message, 'write set: { name: value }');
    return undefined;
  }
  const values = readTemplates(place, value);
  return { step: { ...common, kind: 'set', values }, result: fieldsOf(Object.keys(values)) };
}
