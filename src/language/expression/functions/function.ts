import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { Fault } from '../runtime/fault.js';
import type { Machine } from '../runtime/machine.js';
import { show } from '../runtime/values.js';

/** One function of the expression language. Arguments are passed as values, never by reference. */
export interface ExpressionFunction {
  /** The call syntax, for hints. */
  usage: string;
  /** Least number of arguments. */
  least: number;
  most: number;
  /** Calls the function. @throws Fault for invalid arguments */
  run(machine: Machine, given: Json[]): Json;
  /**
   * Checks the constant arguments at compile time. @throws Fault if the call must fail whatever the other arguments are
   */
  check?: ((given: (Json | undefined)[]) => void) | undefined;
}

/** Reads the number of arguments from the usage: `slice(value, start, end?)`, `merge(map, …)`. */
export function define(
  usage: string,
  run: ExpressionFunction['run'],
  check?: ExpressionFunction['check'],
): ExpressionFunction {
  const names = usage
    .slice(usage.indexOf('(') + 1, -1)
    .split(', ')
    .filter(Boolean);
  const required = names.filter((name) => !name.endsWith('?') && name !== '…');
  const most = names.includes('…') ? Infinity : names.length;
  return { usage, least: required.length, most, run, check };
}

/** Returns the argument as a string. @throws Fault */
export function asText(value: Json | undefined, usage: string): string {
  if (typeof value === 'string') return value;
  throw wrong('a string', value, usage);
}

/** Returns the argument as a number. @throws Fault */
export function asNumber(value: Json | undefined, usage: string): number {
  if (typeof value === 'number') return value;
  throw wrong('a number', value, usage);
}

/** Returns the argument as a safe integer. @throws Fault */
export function asInteger(value: Json | undefined, usage: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw wrong('a whole number', value, usage);
}

/** Returns the argument as a list; null is an empty list. @throws Fault */
export function asList(value: Json | undefined, usage: string): Json[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw wrong('a list', value, usage);
}

/** Returns the argument as a map; null is an empty map. @throws Fault */
export function asMap(value: Json | undefined, usage: string): JsonObject {
  if (value === null || value === undefined) return {};
  if (isObject(value)) return value;
  throw wrong('a map', value, usage);
}

function wrong(wanted: string, value: Json | undefined, usage: string): Fault {
  return new Fault(`${usage} needs ${wanted} where it got ${show(value ?? null)}`);
}
