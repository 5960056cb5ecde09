import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { asList, asMap, define } from './function.js';
import { follow } from './functions-list.js';
import type { Machine } from '../runtime/machine.js';
import { property, text, typeOf } from '../runtime/values.js';

const KEYS = 'keys(map)';
const VALUES = 'values(map)';
const MERGE = 'merge(map, …)';
const PICK = 'pick(map, key, …)';
const OMIT = 'omit(map, key, …)';
const GET = 'get(value, path, default?)';

/** Functions over maps and over values of any type. `null` counts as an empty map. */
export const MAP_FUNCTIONS = {
  keys: define(KEYS, (machine, [map]) => paidList(machine, Object.keys(asMap(map, KEYS)))),
  values: define(VALUES, (machine, [map]) => paidList(machine, Object.values(asMap(map, VALUES)))),
  merge: define(MERGE, (machine, maps) =>
    build(
      machine,
      maps.flatMap((map) => Object.entries(asMap(map, MERGE))),
    ),
  ),
  pick: define(PICK, (machine, [map, ...names]) => {
    const wanted = keySet(machine, names);
    return build(
      machine,
      Object.entries(asMap(map, PICK)).filter(([key]) => wanted.has(key)),
    );
  }),
  omit: define(OMIT, (machine, [map, ...names]) => {
    const unwanted = keySet(machine, names);
    return build(
      machine,
      Object.entries(asMap(map, OMIT)).filter(([key]) => !unwanted.has(key)),
    );
  }),
  get: define(
    GET,
    (machine, [value, path, fallback = null]) => get(machine, value!, path!) ?? fallback,
  ),
  default: define('default(value, fallback)', (_, [value, fallback]) => value ?? fallback!),
  coalesce: define(
    'coalesce(value, …)',
    (_, values) => values.find((value) => value !== null) ?? null,
  ),
  type: define('type(value)', (_, [value]) => typeOf(value!)),
};

function paidList<T>(machine: Machine, list: T[]): T[] {
  machine.step(list.length);
  return list;
}

/** Builds a map from entries. Assignment would give a key such as `__proto__` its special meaning. */
function build(machine: Machine, entries: [string, Json][]): JsonObject {
  machine.step(entries.length);
  return Object.fromEntries(entries);
}

/** The set of keys, passed one by one or as a list. */
function keySet(machine: Machine, names: Json[]): Set<string> {
  return new Set(
    names
      .flatMap((name) => (Array.isArray(name) ? name : [name]))
      .map((name) => text(machine, name)),
  );
}

/** Reads an exact key, else a path `a.b`, or a path as a list of keys. */
function get(machine: Machine, value: Json, path: Json): Json {
  if (typeof path === 'number') return property(machine, value, path);
  if (typeof path === 'string') {
    const whole = isObject(value) && Object.hasOwn(value, path);
    return whole ? property(machine, value, path) : follow(machine, value, path);
  }
  return asList(path, GET).reduce((at, key) => property(machine, at, key), value);
}
