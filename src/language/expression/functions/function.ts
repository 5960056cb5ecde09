import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { Fault } from '../runtime/fault.js';
import type { Machine } from '../runtime/machine.js';
import { show } from '../runtime/values.js';

/** One function of the expression language. Arguments arrive fetched, never by reference. */
export interface ExpressionFunction {
  /** How it is written, for hints. */
  usage: string;
  /** Number of arguments. */
  least: number;
  most: number;
  /** @throws Fault for arguments that it cannot take */
  run(machine: Machine, given: Json[]): Json;
  /** Finds out from the arguments that are known beforehand that no others can make the call succeed. @throws Fault */
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

/** The argument as text. */
export function asText(value: Json | undefined, usage: string): string {
  if (typeof value === 'string') return value;
  throw wrong('a string', value, usage);
}

/** The argument as a number. */
export function asNumber(value: Json | undefined, usage: string): number {
  if (typeof value === 'number') return value;
  throw wrong('a number', value, usage);
}

/** The argument as a whole number. */
export function asInteger(value: Json | undefined, usage: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw wrong('a whole number', value, usage);
}

/** The argument as a list; null is an empty one. */
export function asList(value: Json | undefined, usage: string): Json[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw wrong('a list', value, usage);
}

/** The argument as a map; null is an empty one. */
export function asMap(value: Json | undefined, usage: string): JsonObject {
  if (value === null || value === undefined) return {};
  if (isObject(value)) return value;
  throw wrong('a map', value, usage);
}

function wrong(wanted: string, value: Json | undefined, usage: string): Fault {
  return new Fault(`${usage} needs ${wanted} where it got ${show(value ?? null)}`);
}
