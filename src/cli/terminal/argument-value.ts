import { parseJson as parseExactly } from '../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import { readValue } from './inputs.js';

const MAX_DEPTH = 20;
/** The types of JSON Schema, each with its test. */
const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};
/** Keywords whose sub-schemas apply to the same value. */
const ALTERNATIVES = ['anyOf', 'oneOf', 'allOf'] as const;

/** The values that a schema accepts. */
interface Taken {
  /** Names of types; empty where the schema names none. */
  types: Set<string>;
  /** Values of `enum` and `const`. */
  values: Json[];
}

/**
 * Reads an option's text by its schema. A text stays a string where the schema
 * accepts strings, unless the schema also accepts the exact JSON value of the
 * text (`1.10` is not exact, because the number prints as 1.1); `null` becomes
 * null where the schema accepts it.
 * @param schema schema of the value
 * @param root schema that contains the targets of `$ref`
 * @throws CliError where the schema accepts neither the text nor its JSON value
 */
export function readArgument(option: string, text: string, schema: Json, root: Json): Json {
  const taken: Taken = { types: new Set(), values: [] };
  collect(schema, root, taken, 0);
  const { types, values } = taken;
  const listed = [text, parse(text)].find((each) => each !== undefined && holds(values, each));
  if (listed !== undefined) return listed;
  const wanted = [...types];
  if (wanted.length === 0) return values.length > 0 ? text : readValue(option, text, undefined);
  if (!types.has('string')) return readOther(option, text, wanted);
  const value = parse(text);
  const isExact = value !== undefined && JSON.stringify(value) === text;
  const isOther = isExact || isObject(value ?? null) || Array.isArray(value);
  return isOther && typeof value !== 'string' && fits(value!, wanted) ? value! : text;
}

/**
 * Reads a value whose schema accepts no strings: JSON of one of the types.
 * @throws CliError that names the first type other than null
 */
function readOther(option: string, text: string, types: string[]): Json {
  const value = parse(text);
  if (value !== undefined && fits(value, types)) return value;
  return readValue(option, text, types.find((type) => type !== 'null') as 'integer');
}

const fits = (value: Json, types: readonly string[]): boolean =>
  types.some((type) => TYPES[type]!(value));

function collect(schema: Json, root: Json, taken: Taken, depth: number): void {
  if (!isObject(schema) || depth > MAX_DEPTH) return;
  const { type, enum: listed, const: only, $ref } = schema;
  for (const each of Array.isArray(type) ? type : [type]) {
    if (typeof each === 'string' && Object.hasOwn(TYPES, each)) taken.types.add(each);
  }
  if (Array.isArray(listed)) taken.values.push(...listed);
  if (only !== undefined) taken.values.push(only);
  if (typeof $ref === 'string') collect(target($ref, root), root, taken, depth + 1);
  for (const key of ALTERNATIVES) {
    const parts = schema[key];
    if (Array.isArray(parts)) for (const part of parts) collect(part, root, taken, depth + 1);
  }
}

/**
 * Resolves a reference within the same schema, such as `#/$defs/Code`; null for
 * any other reference.
 */
function target(reference: string, root: Json): Json {
  if (reference !== '#' && !reference.startsWith('#/')) return null;
  return reference
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json>((at, part) => member(at, part), root);
}

function member(value: Json, key: string): Json {
  if (Array.isArray(value)) return value[Number(key)] ?? null;
  return isObject(value) && Object.hasOwn(value, key) ? (value as JsonObject)[key]! : null;
}

const holds = (values: readonly Json[], value: Json): boolean =>
  values.some((each) => JSON.stringify(each) === JSON.stringify(value));

/**
 * Parses JSON; undefined for invalid JSON and for a number that a double cannot
 * hold.
 */
function parse(text: string): Json | undefined {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
