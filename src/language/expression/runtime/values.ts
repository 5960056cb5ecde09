import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { Fault } from './fault.js';
import type { Machine } from './machine.js';

const MAX_NESTING = 500;

/** JSON Schema type of a value. */
export function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** Reads one key of a path: an own property, or a list item (negative numbers count from the end); else null. */
export function property(machine: Machine, held: Json, key: Json): Json {
  const value = machine.open(held);
  if (Array.isArray(value)) return typeof key === 'number' ? itemAt(value, key) : null;
  const name = typeof key === 'number' ? String(key) : key;
  if (!isObject(value) || typeof name !== 'string' || !Object.hasOwn(value, name)) return null;
  return value[name] ?? null;
}

const itemAt = (list: Json[], index: number): Json =>
  list[index < 0 ? list.length + index : index] ?? null;

/** Deep equality. Values of different types are unequal; the order of keys does not matter. */
export function equal(machine: Machine, a: Json, b: Json, depth = 0): boolean {
  machine.step();
  checkDepth(depth);
  const [left, right] = [machine.open(a), machine.open(b)];
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => equal(machine, item, right[index]!, depth + 1));
  }
  if (!isObject(left)) return left === right;
  return isObject(right) && equalObjects(machine, left, right, depth);
}

function equalObjects(machine: Machine, a: JsonObject, b: JsonObject, depth: number): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(machine, a[key]!, b[key]!, depth + 1));
}

/** Text of a value: strings unchanged, null as an empty text, other values as compact JSON in insertion order. */
export function text(machine: Machine, held: Json): string {
  const value = machine.open(held);
  if (value === null) return '';
  return typeof value === 'string' ? value : json(machine, value);
}

/** Compact JSON of a value, with all values by reference resolved. */
export function json(machine: Machine, value: Json): string {
  return JSON.stringify(resolved(machine, value, 0));
}

/** Resolves all values by reference inside a value, and charges its size. */
function resolved(machine: Machine, held: Json, depth: number): Json {
  checkDepth(depth);
  machine.step();
  const value = machine.open(held);
  if (Array.isArray(value)) {
    machine.charge(value.length + 2);
    return value.map((item) => resolved(machine, item, depth + 1));
  }
  if (!isObject(value)) {
    machine.charge(typeof value === 'string' ? value.length + 2 : 8);
    return value;
  }
  return mapValues(value, (item, key) => {
    machine.charge(key.length + 4);
    return resolved(machine, item, depth + 1);
  });
}

/** Charges a result by its size as JSON. @throws Fault for a value that is nested too deeply */
export function measure(machine: Machine, value: Json, depth = 0): void {
  checkDepth(depth);
  if (typeof value === 'string') return machine.charge(value.length + 2);
  machine.charge(4);
  if (Array.isArray(value)) for (const item of value) measure(machine, item, depth + 1);
  else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      machine.charge(key.length);
      measure(machine, value[key]!, depth + 1);
    }
  }
}

/** Copies an object with each value replaced; safe for keys such as `__proto__`. */
export function mapValues(
  object: JsonObject,
  change: (value: Json, key: string) => Json,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, change(value, key)]),
  );
}

function checkDepth(depth: number): void {
  if (depth > MAX_NESTING) throw new Fault(`a value is nested more than ${MAX_NESTING} deep`);
}

/** Compares strings by code points: -1, 0 or 1. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length < b.length ? -1 : 1;
  return codeUnitRank(a.charCodeAt(at)) < codeUnitRank(b.charCodeAt(at)) ? -1 : 1;
}

/** Rank of a UTF-16 unit by code point: surrogates rank above all other units. */
function codeUnitRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Short text of a value for messages. */
export function show(value: Json): string {
  const full =
    typeof value === 'object' && value !== null ? showContainer(value) : JSON.stringify(value);
  return full.length > 80 ? `${full.slice(0, 77)}…` : full;
}

function showContainer(value: Json[] | JsonObject): string {
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  if (count === 0) return Array.isArray(value) ? '[]' : '{}';
  return Array.isArray(value)
    ? `a list of ${count}`
    : `a map of ${Object.keys(value).slice(0, 5).join(', ')}`;
}
