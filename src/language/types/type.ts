import type { Json } from '../../contracts/json/json.js';
import { typeOf } from '../expression/runtime/values.js';

export const KINDS = ['null', 'boolean', 'number', 'string', 'array', 'object'] as const;
export type Kind = (typeof KINDS)[number];

/** What a value can be, as far as the text of a directive tells. */
export interface Type {
  /** Every kind that it can be of: there is never a value of another kind. */
  kinds: readonly Kind[];
  /** Those of them that somebody has declared: a failure with one of these is worth a warning. */
  sure: readonly Kind[];
  /** The fields of a map that are known. */
  fields?: ReadonlyMap<string, Type>;
  /** Its other fields; absent = anything. */
  rest?: Type;
  /** Its other fields that end in `_count` are numbers. */
  tallies?: true;
  /** The items of a list; absent = anything. */
  items?: Type;
  /** The value itself, where an expression holds all of it. */
  constant?: Json;
}

/** What lies inside a value. */
type Inside = Pick<Type, 'fields' | 'rest' | 'items' | 'tallies'>;

/** A type with more parts than this is known by its kinds only: a text of any length is checked in time. */
const MOST_PARTS = 500;
const sizes = new WeakMap<Type, number>();
const sizeOf = (type: Type | undefined): number => (type ? (sizes.get(type) ?? 1) : 0);

function make(kinds: readonly Kind[], sure: readonly Kind[], inside: Inside = {}): Type {
  const { fields, rest, items, tallies } = inside;
  let size = 1 + sizeOf(rest) + sizeOf(items);
  for (const field of fields?.values() ?? []) size += 1 + sizeOf(field);
  if (size > MOST_PARTS) return { kinds, sure };
  const type: Type = {
    kinds,
    sure,
    ...(fields && { fields }),
    ...(rest && { rest }),
    ...(items && { items }),
    ...(tallies && { tallies }),
  };
  sizes.set(type, size);
  return type;
}

/** A value of one of these kinds, each of which does occur. */
export const of = (...kinds: Kind[]): Type => make(kinds, kinds);

/** Nobody knows. */
export const ANY: Type = make(KINDS, []);
/** There is no value: the step ends the run. */
export const NEVER: Type = of();
export const NULL = of('null');
export const BOOLEAN = of('boolean');
export const NUMBER = of('number');
export const STRING = of('string');
export const MAP = of('object');

export const listOf = (items: Type): Type => make(['array'], ['array'], { items });

/** A map with these fields; without `rest` there may be others, of which nothing is known. */
export const mapOf = (
  fields: Readonly<Record<string, Type>> | ReadonlyMap<string, Type>,
  rest?: Type | undefined,
): Type =>
  make(['object'], ['object'], {
    fields: fields instanceof Map ? fields : new Map(Object.entries(fields)),
    ...(rest && { rest }),
  });

/** What a `foreach` leaves behind. */
export const loopOf = (items: Type, errors: Type): Type =>
  make(['object'], ['object'], {
    fields: new Map([
      ['items', listOf(items)],
      ['errors', listOf(errors)],
      ['count', NUMBER],
    ]),
    tallies: true,
  });

/** The same value, but of none of its kinds it is known that it occurs. */
export const maybe = (type: Type): Type => make(type.kinds, [], type);

/** The value, or null, which is known to occur. */
export const orNull = (type: Type): Type => union(type, NULL);

/** Without null. */
export const notNull = (type: Type): Type =>
  make(without(type.kinds, 'null'), without(type.sure, 'null'), type);

const without = (kinds: readonly Kind[], kind: Kind): Kind[] =>
  kinds.filter((each) => each !== kind);

/** One of two. */
export function union(a: Type, b: Type): Type {
  if (a === b || b.kinds.length === 0) return a;
  if (a.kinds.length === 0) return b;
  const kinds = KINDS.filter((kind) => a.kinds.includes(kind) || b.kinds.includes(kind));
  const sure = KINDS.filter((kind) => a.sure.includes(kind) || b.sure.includes(kind));
  return make(kinds, sure, { ...insideLists(a, b), ...insideMaps(a, b) });
}

export const unionOf = (types: Iterable<Type>): Type => [...types].reduce(union, NEVER);

function insideLists(a: Type, b: Type): Inside {
  if (!has(b, 'array')) return a.items ? { items: a.items } : {};
  if (!has(a, 'array')) return b.items ? { items: b.items } : {};
  return a.items && b.items ? { items: union(a.items, b.items) } : {};
}

function insideMaps(a: Type, b: Type): Inside {
  const of = ({ fields, rest, tallies }: Type): Inside => ({
    ...(fields && { fields }),
    ...(rest && { rest }),
    ...(tallies && { tallies }),
  });
  if (!has(b, 'object')) return of(a);
  if (!has(a, 'object')) return of(b);
  const names = new Set([...(a.fields?.keys() ?? []), ...(b.fields?.keys() ?? [])]);
  const fields = new Map(
    [...names]
      .slice(0, MOST_PARTS)
      .map((name) => [name, union(fieldIn(a, name), fieldIn(b, name))]),
  );
  return {
    ...(names.size <= MOST_PARTS && { fields }),
    ...(a.rest && b.rest && { rest: union(a.rest, b.rest) }),
    ...(a.tallies && b.tallies && { tallies: true as const }),
  };
}

/** Whether the value can be of a kind. */
export const has = ({ kinds }: Type, kind: Kind): boolean => kinds.includes(kind);

/** A field of a map. */
export function fieldIn({ fields, rest, tallies }: Type, name: string): Type {
  const known = fields?.get(name);
  if (known) return known;
  return tallies && name.endsWith('_count') ? union(NUMBER, maybe(NULL)) : (rest ?? ANY);
}

/** What a path reads under a key: null, where there is no map. */
export function fieldOf(type: Type, name: string): Type {
  const elsewhere = type.kinds.some((kind) => kind !== 'object');
  const known = type.sure.some((kind) => kind !== 'object');
  const field = has(type, 'object') ? fieldIn(type, name) : NEVER;
  return elsewhere ? union(field, known ? NULL : maybe(NULL)) : field;
}

/** The items of what may be a list. */
export const itemsOf = (type: Type): Type => (has(type, 'array') ? (type.items ?? ANY) : NEVER);

/** The type of a value that is there. */
export function typeOfValue(value: Json): Type {
  const kind = typeOf(value) as Kind;
  if (Array.isArray(value)) return listOf(unionOf(value.map(typeOfValue)));
  if (value === null || typeof value !== 'object') return of(kind);
  return mapOf(new Map(Object.entries(value).map(([key, each]) => [key, typeOfValue(each)])), NULL);
}
