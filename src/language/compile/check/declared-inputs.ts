import type { Json } from '../../../contracts/json/json.js';
import type { InputSpec, InputType } from '../../../contracts/plan.js';
import { checkValue } from '../../inputs/check-value.js';
import { INPUT, INPUT_TYPES } from '../../definition/inputs.js';
import { INPUT_NAME } from '../../definition/names.js';
import { KNOWN_FORMATS } from '../../inputs/formats.js';
import { didYouMean } from '../../text/nearest.js';
import type { Report } from '../../parse/report.js';
import { hasUnknown, isNull, toJson, type Node } from '../../parse/tree.js';
import { readFields, type Fields } from '../fields/fields.js';
import { readBoolean, readNumber, readText } from '../fields/scalars.js';
import { checkSecret } from './secrets.js';

const TYPES: readonly InputType[] = INPUT_TYPES;
const SYNONYMS: Record<string, InputType> = {
  str: 'string',
  text: 'string',
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  dict: 'object',
  map: 'object',
  list: 'array',
};

/** Reads the `inputs` of a directive. */
export function readInputs(report: Report, node: Node | undefined): Record<string, InputSpec> {
  if (!node || isNull(node)) return {};
  if (node.type !== 'map') {
    const hint = 'write inputs: { name: { type: string } }';
    if (node.type !== 'unknown')
      report.add('invalid_type', node, '"inputs" must be a map of names', hint);
    return {};
  }
  const entries = node.entries.map(({ key, at, value }): [string, InputSpec] => {
    const hint = 'use letters, digits and _';
    if (!INPUT_NAME.test(key))
      report.add('invalid_name', at, `"${key}" is not a valid name for an input`, hint);
    return [key, readInput(report, value, `the input "${key}"`, key)];
  });
  return Object.fromEntries(entries);
}

function readInput(report: Report, node: Node, what: string, name: string): InputSpec {
  const fields = isNull(node) ? undefined : readFields(report, node, INPUT, what);
  if (!fields) return { required: true };
  const spec = readSpec(report, fields, what);
  checkRange(report, fields, spec, what);
  checkEnum(report, fields, spec, what);
  checkDefault(report, fields, spec, what, name);
  return spec;
}

function readSpec(report: Report, fields: Fields, what: string): InputSpec {
  const type = readType(report, fields.get('type'), what);
  const description = readText(report, fields.get('description'), `"description" of ${what}`);
  const required = readBoolean(report, fields.get('required'), `"required" of ${what}`);
  const minimum = readNumber(report, fields.get('minimum'), `"minimum" of ${what}`);
  const maximum = readNumber(report, fields.get('maximum'), `"maximum" of ${what}`);
  const format = readFormat(report, fields.get('format'), what);
  const fallback = fields.get('default');
  const hasDefault = fallback !== undefined && !isNull(fallback);
  return {
    ...(type && { type }),
    ...(description !== undefined && { description }),
    required: required ?? !hasDefault,
    ...(hasDefault && { default: toJson(fallback) }),
    ...readEnum(fields.get('enum')),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(format !== undefined && { format }),
  };
}

function readType(report: Report, node: Node | undefined, what: string): InputType | undefined {
  const type = readText(report, node, `"type" of ${what}`);
  if (type === undefined || TYPES.includes(type as InputType)) return type as InputType | undefined;
  const synonym = Object.hasOwn(SYNONYMS, type) ? `did you mean "${SYNONYMS[type]}"?` : undefined;
  const hint = synonym ?? didYouMean(type, TYPES) ?? `the types are ${TYPES.join(', ')}`;
  report.add('unknown_type', node!, `there is no type "${type}"`, hint);
  return undefined;
}

function readFormat(report: Report, node: Node | undefined, what: string): string | undefined {
  const format = readText(report, node, `"format" of ${what}`);
  if (format !== undefined && !KNOWN_FORMATS.includes(format)) {
    const hint = didYouMean(format, KNOWN_FORMATS) ?? `the formats are ${KNOWN_FORMATS.join(', ')}`;
    report.add('unknown_format', node!, `the format "${format}" is not checked`, hint);
  }
  return format;
}

function readEnum(node: Node | undefined): { enum?: Json[] } {
  const values = node && toJson(node);
  return Array.isArray(values) && values.length > 0 ? { enum: values } : {};
}

function checkEnum(report: Report, fields: Fields, spec: InputSpec, what: string): void {
  const node = fields.get('enum');
  if (!node || node.type === 'unknown') return;
  if (!spec.enum)
    return report.add('invalid_type', node, `"enum" of ${what} must be a list of values`);
  for (const item of node.type === 'list' ? node.items : []) {
    const problem =
      item.type === 'unknown' ? undefined : checkValue({ ...spec, enum: undefined }, toJson(item));
    if (problem)
      report.add(
        'invalid_value',
        item,
        `a value in "enum" of ${what} ${problem.message}`,
        problem.hint,
      );
  }
}

function checkRange(
  report: Report,
  fields: Fields,
  { type, minimum, maximum }: InputSpec,
  what: string,
): void {
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    report.add(
      'invalid_value',
      fields.at('minimum'),
      `"minimum" of ${what} is above its "maximum"`,
    );
  }
  const bound = ['minimum', 'maximum'].find((key) => fields.has(key));
  if (bound && type && type !== 'number' && type !== 'integer') {
    report.add(
      'misplaced_key',
      fields.at(bound),
      `"${bound}" is for numbers, but the type of ${what} is ${type}`,
      'remove it',
    );
  }
}

function checkDefault(
  report: Report,
  fields: Fields,
  spec: InputSpec,
  what: string,
  name: string,
): void {
  const node = fields.get('default');
  if (!node || spec.default === undefined) return;
  if (spec.required) {
    const hint = 'remove "required", or the default';
    report.add(
      'required_with_default',
      fields.at('required'),
      `${what} is required and has a default`,
      hint,
    );
  }
  const problem = hasUnknown(node) ? undefined : checkValue(spec, spec.default);
  if (problem)
    report.add('invalid_value', node, `"default" of ${what} ${problem.message}`, problem.hint);
  if (node.type === 'scalar' && typeof node.value === 'string')
    checkSecret(report, node, node.value, name);
}
