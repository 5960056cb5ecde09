import type { FUNCTION_GUIDE } from '../definition/function-guide.js';
import {
  ANY,
  BOOLEAN,
  fieldOf,
  has,
  itemsOf,
  type Kind,
  KINDS,
  listOf,
  MAP,
  maybe,
  NEVER,
  notNull,
  NULL,
  NUMBER,
  STRING,
  type Type,
  union,
  unionOf,
} from './type.js';

/** Parameter and result types of a function. */
export interface Signature {
  /** Accepted kinds of each argument; the last entry applies to all further arguments. */
  takes: readonly (readonly Kind[])[];
  /** Accepted kinds of the items of the first argument. */
  items?: readonly Kind[];
  gives: Type | ((given: readonly Type[]) => Type);
}

type Name = {
  [Group in keyof typeof FUNCTION_GUIDE]: keyof (typeof FUNCTION_GUIDE)[Group];
}[keyof typeof FUNCTION_GUIDE];

const text: readonly Kind[] = ['string'];
const number: readonly Kind[] = ['number'];
const list: readonly Kind[] = ['array', 'null'];
const map: readonly Kind[] = ['object', 'null'];
const date: readonly Kind[] = ['string', 'number'];
const optionalText: readonly Kind[] = ['string', 'null'];
const optionalNumber: readonly Kind[] = ['number', 'null'];
const any: readonly Kind[] = KINDS;

const gives = (result: Signature['gives'], ...takes: (readonly Kind[])[]): Signature => ({
  takes,
  gives: result,
});

/** Type of a list with the items of the first argument. */
const same = ([given]: readonly Type[]): Type => listOf(itemsOf(given!));
/** Type of an item of the first argument, or null if the list is empty. */
const one = ([given]: readonly Type[]): Type => union(maybe(itemsOf(given!)), maybe(NULL));

/** The signature of every function. A function without an entry does not compile. */
export const SIGNATURES: Readonly<Record<Name, Signature>> = {
  upper: gives(STRING, text),
  lower: gives(STRING, text),
  trim: gives(STRING, text),
  split: gives(listOf(STRING), text, text),
  join: gives(STRING, list, text),
  replace: gives(STRING, text, text, text),
  contains: gives(BOOLEAN, ['null', 'string', 'array', 'object'], any),
  starts_with: gives(BOOLEAN, text, text),
  ends_with: gives(BOOLEAN, text, text),
  slice: gives(sliced, ['string', ...list], number, optionalNumber),
  truncate: gives(STRING, text, number, text),
  slug: gives(STRING, text),

  len: gives(NUMBER, ['null', 'string', 'array', 'object']),
  first: gives(one, list),
  last: gives(one, list),
  sort: { ...gives(same, list), items: ['number', 'string', 'null'] },
  sort_by: gives(same, list, text),
  unique: gives(same, list),
  pluck: gives(plucked, list, text),
  where: gives(same, list, text, any),
  range: gives(listOf(NUMBER), number, number, number),
  compact: gives(([given]) => listOf(notNull(itemsOf(given!))), list),
  flatten: gives(flattened, list),
  chunk: gives((given) => listOf(same(given)), list, number),
  reverse: gives(same, list),
  zip: gives((given) => listOf(listOf(unionOf(given.map(itemsOf)))), list, list),

  keys: gives(listOf(STRING), map),
  values: gives(listOf(ANY), map),
  merge: gives(MAP, map, map),
  pick: gives(MAP, map, any, any),
  omit: gives(MAP, map, any, any),
  get: gives(ANY, any, ['string', 'number', ...list], any),
  default: gives(([value, fallback]) => instead(value!, fallback!), any, any),
  coalesce: gives(
    (values) => values.reduceRight((rest, value) => instead(value, rest), NULL),
    any,
    any,
  ),
  type: gives(STRING, any),

  sum: { ...gives(NUMBER, list), items: number },
  min: gives(extreme, any, any),
  max: gives(extreme, any, any),
  avg: { ...gives(union(NUMBER, maybe(NULL)), list), items: number },
  abs: gives(NUMBER, number),
  ceil: gives(NUMBER, number),
  floor: gives(NUMBER, number),
  round: gives(NUMBER, number, number),
  format_number: gives(STRING, number, optionalNumber, text),
  number: gives(NUMBER, date),
  string: gives(STRING, any),

  now: gives(STRING),
  date: gives(STRING, date, optionalText),
  date_add: gives(STRING, date, number, optionalText, optionalText),
  date_diff: gives(NUMBER, date, date, optionalText, optionalText),
  format_date: gives(STRING, date, text, optionalText),

  json: gives(STRING, any),
  parse_json: gives(ANY, text),
  sha256: gives(STRING, text),
  base64: gives(STRING, text),
  base64_decode: gives(STRING, text),
  url_encode: gives(STRING, text),
  uuid: gives(STRING),
};

/** Signature of a call with `count` arguments: `min` and `max` take one list, or several values. */
export function signatureOf(name: string, count: number): Signature {
  const signature = SIGNATURES[name as Name];
  if (name !== 'min' && name !== 'max') return signature;
  const { gives: result } = signature;
  return count > 1 ? gives(result, date, date) : { ...gives(result, list), items: date };
}

/** Type of a value with null replaced by a fallback. */
function instead(value: Type, fallback: Type): Type {
  if (!has(value, 'null')) return value;
  const other = value.sure.includes('null') ? fallback : maybe(fallback);
  return union(notNull(value), other);
}

function sliced([value]: readonly Type[]): Type {
  const texts = has(value!, 'string') ? STRING : NEVER;
  const lists = value!.kinds.some((kind) => list.includes(kind)) ? same([value!]) : NEVER;
  const both = union(texts, lists);
  return both === texts || both === lists ? both : maybe(both);
}

function plucked([given, key]: readonly Type[]): Type {
  const path = key!.constant;
  if (typeof path !== 'string') return listOf(ANY);
  const steps = path.split('.');
  const items = itemsOf(given!);
  if (steps.some((step) => /^-?\d+$/.test(step))) return listOf(ANY);
  return listOf(items.kinds.length === 0 ? NEVER : steps.reduce(fieldOf, items));
}

function flattened([given]: readonly Type[]): Type {
  const items = itemsOf(given!);
  const inner = itemsOf(items);
  const others = items.kinds.filter((kind) => kind !== 'array');
  return listOf(others.length === 0 ? inner : ANY);
}

/** Result type of `min` and `max`: one of several values, or an item of a list, or null if the list is empty. */
function extreme(given: readonly Type[]): Type {
  return given.length > 1 ? maybe(unionOf(given)) : union(maybe(itemsOf(given[0]!)), maybe(NULL));
}
