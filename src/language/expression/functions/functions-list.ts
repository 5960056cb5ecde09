import type { Json } from '../../../contracts/json/json.js';
import { Fault } from '../runtime/fault.js';
import { asInteger, asList, asText, define } from './function.js';
import type { Machine } from '../runtime/machine.js';
import { compareText, equal, json, property, show, typeOf } from '../runtime/values.js';

const SORT_BY = 'sort_by(list, key)';
const PLUCK = 'pluck(list, key)';
const WHERE = 'where(list, key, value)';
const RANGE = 'range(start, end?, step?)';
const FLATTEN = 'flatten(list)';
const CHUNK = 'chunk(list, size)';
const ZIP = 'zip(list, …)';

/** Functions over lists. `null` counts as an empty list; a key may be a path, `a.b`. */
export const LIST_FUNCTIONS = {
  len: define('len(value)', (machine, [value]) => length(machine, value!)),
  first: define('first(list)', (_, [list]) => asList(list, 'first(list)')[0] ?? null),
  last: define('last(list)', (_, [list]) => asList(list, 'last(list)').at(-1) ?? null),
  sort: define('sort(list)', (machine, [list]) => {
    const items = asList(list, 'sort(list)').map((item) => machine.open(item));
    return sorted(
      machine,
      items.map((item) => [item, item]),
    );
  }),
  sort_by: define(SORT_BY, (machine, [list, key]) => {
    const path = asText(key, SORT_BY);
    return sorted(
      machine,
      asList(list, SORT_BY).map((item) => [follow(machine, item, path), item]),
    );
  }),
  unique: define('unique(list)', (machine, [list]) =>
    unique(machine, asList(list, 'unique(list)')),
  ),
  pluck: define(PLUCK, (machine, [list, key]) => {
    const path = asText(key, PLUCK);
    return asList(list, PLUCK).map((item) => follow(machine, item, path));
  }),
  where: define(WHERE, (machine, [list, key, value]) => {
    const path = asText(key, WHERE);
    return asList(list, WHERE).filter((item) =>
      equal(machine, follow(machine, item, path), value!),
    );
  }),
  range: define(RANGE, (machine, given) => {
    const [start, end, step = 1] = given.map((value) => asInteger(value, RANGE));
    return end === undefined ? range(machine, 0, start!, 1) : range(machine, start!, end, step);
  }),
  compact: define('compact(list)', (machine, [list]) => {
    const items = asList(list, 'compact(list)');
    machine.step(items.length);
    return items.filter((item) => item !== null);
  }),
  flatten: define(FLATTEN, (machine, [list]) => {
    const items = asList(list, FLATTEN).map((item) => machine.open(item));
    machine.step(
      items.reduce<number>((sum, item) => sum + (Array.isArray(item) ? item.length : 1), 0),
    );
    return items.flat(1);
  }),
  chunk: define(CHUNK, (machine, [list, size]) =>
    chunk(machine, asList(list, CHUNK), asInteger(size, CHUNK)),
  ),
  reverse: define('reverse(list)', (machine, [list]) => {
    const items = asList(list, 'reverse(list)');
    machine.step(items.length);
    return items.toReversed();
  }),
  zip: define(ZIP, (machine, lists) =>
    zip(
      machine,
      lists.map((list) => asList(list, ZIP)),
    ),
  ),
};

function length(machine: Machine, value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'string') {
    machine.step(value.length);
    return [...value].length;
  }
  if (typeof value === 'object')
    return Array.isArray(value) ? value.length : Object.keys(value).length;
  throw new Fault(`len(value) needs a string, a list or a map where it got ${show(value)}`);
}

/** The value at `a.b` below an item. */
export function follow(machine: Machine, item: Json, path: string): Json {
  machine.step();
  return path
    .split('.')
    .reduce((value, key) => property(machine, value, pathKey(value, key)), item);
}

const pathKey = (value: Json, key: string): Json =>
  Array.isArray(value) && /^-?\d+$/.test(key) ? Number(key) : key;

/** Sorts stably by numbers or by strings, never mixed. Items without the key come last. */
function sorted(machine: Machine, pairs: [by: Json, item: Json][]): Json[] {
  machine.step(pairs.length * Math.ceil(Math.log2(pairs.length + 1)));
  const types = new Set(pairs.map(([by]) => typeOf(by)).filter((type) => type !== 'null'));
  const [type] = types;
  if (types.size > 1 || (type && type !== 'number' && type !== 'string')) {
    throw new Fault(
      `only numbers, or only strings, can be sorted; found ${[...types].join(' and ')}`,
    );
  }
  return pairs.toSorted(([a], [b]) => rank(a, b)).map(([, item]) => item);
}

function rank(a: Json, b: Json): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return typeof a === 'string' ? compareText(a, b as string) : (a as number) - (b as number);
}

/** Keeps the first of equal items. The order of map keys does not matter. */
function unique(machine: Machine, list: Json[]): Json[] {
  const seen = new Map<string, Json[]>();
  return list.filter((item) => {
    const bucket = bucketOf(machine, item);
    const alike = seen.get(bucket) ?? [];
    if (alike.some((other) => equal(machine, other, item))) return false;
    seen.set(bucket, [...alike, item]);
    return true;
  });
}

/** Hash of a value for `unique`; equal values have the same hash. */
function bucketOf(machine: Machine, held: Json): string {
  const value = machine.open(held);
  machine.step();
  if (value === null || typeof value !== 'object') return json(machine, value);
  const keys = Array.isArray(value) ? [] : Object.keys(value).sort();
  return `${typeOf(value)}:${keys.join()}:${Object.values(value)
    .map((item) => leaf(item))
    .sort()
    .join()}`;
}

const leaf = (value: Json): string => (typeof value === 'object' ? '' : String(value));

function range(machine: Machine, start: number, end: number, step: number): number[] {
  if (step === 0) throw new Fault(`${RANGE}: the step is 0`);
  const count = Math.max(0, Math.ceil((end - start) / step));
  machine.step(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function chunk(machine: Machine, list: Json[], size: number): Json[] {
  if (size < 1) throw new Fault(`${CHUNK}: the size is ${size}, but must be at least 1`);
  machine.step(list.length);
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** Zips lists up to the length of the shortest one. */
function zip(machine: Machine, lists: Json[][]): Json[] {
  const count = Math.min(...lists.map((list) => list.length));
  machine.step(count * lists.length);
  return Array.from({ length: count }, (_, index) => lists.map((list) => list[index]!));
}
