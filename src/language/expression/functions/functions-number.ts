import type { Json } from '../../../contracts/json/json.js';
import { numberProblem } from '../../../contracts/json/number-problem.js';
import { Fault } from '../runtime/fault.js';
import { asInteger, asList, asNumber, asText, define } from './function.js';
import type { Machine } from '../runtime/machine.js';
import { finite } from '../runtime/operators.js';
import { compareText, show, text, typeOf } from '../runtime/values.js';

const SUM = 'sum(list)';
const AVG = 'avg(list)';
const ROUND = 'round(number, digits?)';
const FORMAT = 'format_number(number, digits?, thousands?, point?)';

/**
 * Functions over numbers. `min` and `max` take one list or several values. `min`, `max`, `avg` of an empty list are
 * null.
 */
export const NUMBER_FUNCTIONS = {
  sum: define(SUM, (machine, [list]) => sum(machine, list!, SUM)),
  min: define('min(list, …)', (machine, given) => extreme(machine, given, 'min(list, …)', -1)),
  max: define('max(list, …)', (machine, given) => extreme(machine, given, 'max(list, …)', 1)),
  avg: define(AVG, (machine, [list]) => {
    const count = asList(list, AVG).length;
    return count === 0 ? null : sum(machine, list!, AVG) / count;
  }),
  abs: define('abs(number)', (_, [value]) => Math.abs(asNumber(value, 'abs(number)'))),
  ceil: define('ceil(number)', (_, [value]) => Math.ceil(asNumber(value, 'ceil(number)')) + 0),
  floor: define('floor(number)', (_, [value]) => Math.floor(asNumber(value, 'floor(number)')) + 0),
  round: define(ROUND, (_, [value, digits = 0]) =>
    round(asNumber(value, ROUND), asInteger(digits, ROUND)),
  ),
  format_number: define(FORMAT, (machine, [value, digits, thousands = ',', point = '.']) => {
    const marks = [asText(thousands, FORMAT), asText(point, FORMAT)] as const;
    const written = formatted(asNumber(value, FORMAT), digits, ...marks);
    machine.charge(written.length);
    return written;
  }),
  number: define('number(value)', (_, [value]) => toNumber(value!)),
  string: define('string(value)', (machine, [value]) => text(machine, value!)),
};

function sum(machine: Machine, list: Json, usage: string): number {
  const items = asList(list, usage);
  machine.step(items.length);
  return finite(
    items.reduce<number>((total, item) => total + asNumber(item, usage), 0),
    usage,
  );
}

function extreme(machine: Machine, given: Json[], usage: string, sign: 1 | -1): Json {
  const items = given.length === 1 ? asList(given[0], usage) : given;
  machine.step(items.length);
  const types = new Set(items.map(typeOf));
  if (
    types.size > 1 ||
    items.some((item) => typeof item !== 'number' && typeof item !== 'string')
  ) {
    throw new Fault(
      `${usage} needs only numbers or only strings; found ${[...types].join(' and ')}`,
    );
  }
  return items.reduce(
    (best, item) => (order(item, best) * sign > 0 ? item : best),
    items[0] ?? null,
  );
}

const order = (a: Json, b: Json): number =>
  typeof a === 'string' ? compareText(a, b as string) : (a as number) - (b as number);

/** Rounds; halves are rounded away from zero. */
function round(value: number, digits: number): number {
  if (digits < -20 || digits > 20) throw new Fault(`${ROUND}: digits are -20 to 20`);
  const shifted = Math.round(shift(Math.abs(value), digits));
  if (!Number.isFinite(shifted)) return value;
  return Math.sign(value) * shift(shifted, -digits) + 0;
}

/** Moves the decimal point of the decimal notation, so that 1.005 rounds to 1.01. */
function shift(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

/** Formats a number with `digits` decimals, or with all its decimals when `digits` is null. */
function formatted(value: number, digits: Json | undefined, thousands: string, point: string) {
  const fixed = digits == null ? undefined : asInteger(digits, FORMAT);
  if (fixed !== undefined && (fixed < 0 || fixed > 20))
    throw new Fault(`${FORMAT}: digits are 0 to 20`);
  if (Math.abs(value) >= 1e21) throw new Fault(`${FORMAT}: the number is 1e21 or more`);
  const rounded = fixed === undefined ? value : round(value, fixed);
  const [whole, rest = ''] = plainDigits(Math.abs(rounded)).split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, () => thousands);
  const behind = fixed === undefined ? rest : rest.slice(0, fixed).padEnd(fixed, '0');
  return `${rounded < 0 ? '-' : ''}${grouped}${behind && point + behind}`;
}

/** Decimal notation of a number without an exponent. */
function plainDigits(value: number): string {
  const [mantissa, exponent] = String(value).split('e-') as [string, string?];
  if (exponent === undefined) return mantissa;
  return `0.${'0'.repeat(Number(exponent) - 1)}${mantissa.replace('.', '')}`;
}

function toNumber(value: Json): number {
  if (typeof value === 'number') return value;
  const trimmed = typeof value === 'string' && value.length < 400 ? value.trim() : '';
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) {
    throw new Fault(`number(value) cannot read ${show(value)} as a number`);
  }
  const problem = numberProblem(trimmed);
  if (problem) throw new Fault(`number(value): ${problem.message}; keep it as text`);
  return Number(trimmed) + 0;
}
