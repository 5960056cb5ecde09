import type { Json } from '../../contracts/json/json.js';
import { typeOf } from '../expression/runtime/values.js';

export const KINDS = ['null', 'boolean', 'number', 'string', 'array', 'object'] as const;
export type Kind = (typeof KINDS)[number];

/** The possible values at a place, as far as static analysis knows them. */
export interface Type {
  /** All possible kinds of the value. */
  kinds: readonly Kind[];
  /** Kinds that are known to occur, so a failure with one of them deserves a warning. */
  sure: readonly Kind[];
  /** Types of known map fields. */
  fields?: ReadonlyMap<string, Type>;
  /** Type of all other fields; absent = anything. */
  rest?: Type;
  /** True = other fields that end in `_count` are numbers. */
  tallies?: true;
  /** Type of list items; absent = anything. */
  items?: Type;
  /** The value itself, if it is a constant. */
  constant?: Json;
}

/** The parts of a type that describe the inside of a value. */
type Inside = Pick<Type, 'fields' | 'rest' | 'items' | 'tallies'>;

/** Types with more parts are reduced to their kinds, so that checking takes bounded time for any text. */
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

/** Type of values of these kinds, each of which is known to occur. */
export const of = (...kinds: Kind[]): Type => make(kinds, kinds);

/** The type of an unknown value. */
export const ANY: Type = make(KINDS, []);
/** The type without values, such as the result of a step that ends the run. */
export const NEVER: Type = of();
export const NULL = of('null');
export const BOOLEAN = of('boolean');
export const NUMBER = of('number');
export const STRING = of('string');
export const MAP = of('object');

export const listOf = (items: Type): Type => make(['array'], ['array'], { items });

/** Type of a map with these fields. Without `rest`, other fields of unknown type are possible. */
export const mapOf = (
  fields: Readonly<Record<string, Type>> | ReadonlyMap<string, Type>,
  rest?: Type | undefined,
): Type =>
  make(['object'], ['object'], {
    fields: fields instanceof Map ? fields : new Map(Object.entries(fields)),
    ...(rest && { rest }),
  });

/** Type of the result of a `foreach`. */
export const loopOf = (items: Type, errors: Type): Type =>
  make(['object'], ['object'], {
    fields: new Map([
      ['items', listOf(items)],
      ['errors', listOf(errors)],
      ['count', NUMBER],
    ]),
    tallies: true,
  });

/** The type without certainty: none of its kinds is known to occur. */
export const maybe = (type: Type): Type => make(type.kinds, [], type);

/** Union of a type with null, which is known to occur. */
export const orNull = (type: Type): Type => union(type, NULL);

/** The type without null. */
export const notNull = (type: Type): Type =>
  make(without(type.kinds, 'null'), without(type.sure, 'null'), type);

const without = (kinds: readonly Kind[], kind: Kind): Kind[] =>
  kinds.filter((each) => each !== kind);

/** Union of two types. */
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

/** True if the value can be of a kind. */
export const has = ({ kinds }: Type, kind: Kind): boolean => kinds.includes(kind);

/** Type of a field of a map. */
export function fieldIn({ fields, rest, tallies }: Type, name: string): Type {
  const known = fields?.get(name);
  if (known) return known;
  return tallies && name.endsWith('_count') ? union(NUMBER, maybe(NULL)) : (rest ?? ANY);
}

/** Type that a path reads under a key; null for values that are no map. */
export function fieldOf(type: Type, name: string): Type {
  const elsewhere = type.kinds.some((kind) => kind !== 'object');
  const known = type.sure.some((kind) => kind !== 'object');
  const field = has(type, 'object') ? fieldIn(type, name) : NEVER;
  return elsewhere ? union(field, known ? NULL : maybe(NULL)) : field;
}

/** Type of the items; NEVER if the value cannot be a list. */
export const itemsOf = (type: Type): Type => (has(type, 'array') ? (type.items ?? ANY) : NEVER);

/** Type of a given value, without the value itself. */
export function typeOfValue(value: Json): Type {
  const kind = typeOf(value) as Kind;
  if (Array.isArray(value)) return listOf(unionOf(value.map(typeOfValue)));
  if (value === null || typeof value !== 'object') return of(kind);
  return mapOf(new Map(Object.entries(value).map(([key, each]) => [key, typeOfValue(each)])), NULL);
}
