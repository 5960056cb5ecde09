import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

/**
 * A schema of arguments that clients and models accept, and the faults of the
 * server's schema.
 */
export interface ReadSchema {
  schema: JsonObject;
  /** Descriptions of the faults for people, each with its path. */
  faults: string[];
}

type Repair = (value: Json, at: string, depth: number) => Json | undefined;

const MAX_DEPTH = 64;
const isText = (value: Json) => typeof value === 'string';
const kindOf = (value: Json) =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;

/**
 * Repairs the `inputSchema` of a tool. Servers send values that are not
 * schemas, such as `"properties": []` of PHP: readable parts are kept, others
 * are left out and reported.
 */
export function readToolSchema(value: Json | undefined): ReadSchema {
  const faults: string[] = [];
  if (value === undefined || !isObject(value)) {
    faults.push(value === undefined ? 'it has no inputSchema' : `inputSchema is ${kindOf(value)}`);
    return { schema: { type: 'object' }, faults };
  }
  const { type, ...rest } = repairs(faults).keywords(value, 'inputSchema', 0);
  const isObjects = type === undefined || [type].flat().includes('object');
  if (!isObjects) faults.push(`inputSchema.type is ${JSON.stringify(type)}, read as "object"`);
  return { schema: { type: 'object', ...rest }, faults };
}

/** Keywords whose value is a map of schemas, a list of schemas, or one schema. */
const MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SCHEMAS = ['additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'];

function repairs(faults: string[]) {
  const odd = (at: string, value: Json, instead?: Json): Json | undefined => {
    const read = instead === undefined ? 'left out' : `read as ${JSON.stringify(instead)}`;
    faults.push(`${at} is ${kindOf(value)}, ${read}`);
    return instead;
  };
  const only =
    (is: (value: Json) => boolean): Repair =>
    (value, at) =>
      is(value) ? value : odd(at, value);
  const texts: Repair = (value, at) =>
    Array.isArray(value) && value.every(isText) ? value : odd(at, value);
  const type: Repair = (value, at) => (isText(value) ? value : texts(value, at, 0));

  const schema: Repair = (value, at, depth) => {
    if (typeof value === 'boolean') return value;
    if (depth > MAX_DEPTH) return odd(`${at}, ${MAX_DEPTH} levels deep,`, value, {});
    if (isObject(value)) return keywords(value, at, depth);
    return odd(at, value, isEmptyList(value) ? {} : undefined);
  };
  /**
   * Repairs a schema at a position where model providers do not accept
   * booleans.
   */
  const named: Repair = (value, at, depth) => {
    if (typeof value === 'boolean') return value ? {} : { not: {} };
    return schema(value, at, depth) ?? {};
  };
  const map: Repair = (value, at, depth) => {
    if (!isObject(value)) return odd(at, value, {});
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, named(each, `${at}.${key}`, depth + 1)!]),
    );
  };
  const list: Repair = (value, at, depth) =>
    Array.isArray(value) && value.length > 0
      ? value.map((each, index) => named(each, `${at}[${index}]`, depth + 1)!)
      : odd(at, value);
  const one: Repair = (value, at, depth) => schema(value, at, depth + 1);
  const items: Repair = (value, at, depth) =>
    Array.isArray(value) && value.length > 0 ? list(value, at, depth) : one(value, at, depth);

  const KEYWORDS = new Map<string, Repair>([
    ...MAPS.map((key) => [key, map] as const),
    ...LISTS.map((key) => [key, list] as const),
    ...SCHEMAS.map((key) => [key, one] as const),
    ['items', items],
    ['type', type],
    ['required', texts],
    ['enum', only(Array.isArray)],
    ['title', only(isText)],
    ['description', only(isText)],
  ]);

  function keywords(value: JsonObject, at: string, depth: number): JsonObject {
    const entries = Object.entries(value).map(([key, each]) => {
      const repair = KEYWORDS.get(key);
      return [key, repair ? repair(each, `${at}.${key}`, depth) : each] as const;
    });
    const kept = entries.filter((entry): entry is [string, Json] => entry[1] !== undefined);
    return Object.fromEntries(kept);
  }
  return { keywords };
}

const isEmptyList = (value: Json) => Array.isArray(value) && value.length === 0;
