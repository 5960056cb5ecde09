import { fieldsOf } from '../../check/result-fields.js';
import { templateType } from '../../check/types.js';
import { readTemplates } from '../../check/template.js';
import { describe } from '../../../parse/tree.js';
import type { JsonObject } from '../../../../contracts/json/json.js';
import type { Place } from '../../check/context.js';
import type { Type } from '../../../types/type.js';
import type { Built, StepSource } from '../base/builder.js';

/** Compiles a `set` step, which names values. */
export function buildSet({ place, common, value }: StepSource): Built | undefined {
  if (value.type === 'unknown') return undefined;
  if (value.type !== 'map') {
    const message = `"set" must be a map of values, but is ${describe(value)}`;
    place.report.add('invalid_type', value, message, 'write set: { name: value }');
    return undefined;
  }
  const values = readTemplates(place, value);
  return { step: { ...common, kind: 'set', values }, result: fieldsOf(typesOf(place, values)) };
}

const typesOf = (place: Place, values: JsonObject): Record<string, Type> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, templateType(place, value)]),
  );
