import { parseJson as parseExactly } from '../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import { readValue } from './inputs.js';

const MAX_DEPTH = 20;
/** JSON Schema's types, and what a value of each is. */
const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};
/** Parts of a schema that are further schemas of the same value. */
const ALTERNATIVES = ['anyOf', 'oneOf', 'allOf'] as const;

/** What a schema says of the values that it takes. */
interface Taken {
  /** Names of types; empty where it says none. */
  types: Set<string>;
  /** Values of `enum` and `const`. */
  values: Json[];
}

/**
 * Reads an option's text as the schema wants it: a text stays as it is written where the schema takes texts and nothing
 * else that the text is exactly (`1.10` is no number that prints so); `null` is null where that is taken.
 * @param schema of the value; @param root holds what its `$ref` name
 * @throws CliError where the schema takes no text and no JSON that this is
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

/** One type is read as an input's; of several, whatever fits. */
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

/** What a reference within the same schema names, `#/$defs/Code`; null for any other. */
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

/** Undefined for what is no JSON, or holds a number that would be rounded. */
function parse(text: string): Json | undefined {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
