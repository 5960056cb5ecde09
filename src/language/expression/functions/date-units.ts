import { didYouMean } from '../../text/nearest.js';
import { Fault } from '../runtime/fault.js';
import { fromWallClock, toWallClock } from './zone.js';

/** Units of fixed length, in milliseconds. */
const EXACT: Readonly<Record<string, number>> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
};
/** Units of local time, in milliseconds. Across a daylight saving change their real length differs by an hour. */
const DAYS: Readonly<Record<string, number>> = { days: 86_400_000, weeks: 7 * 86_400_000 };
const MONTHS: Readonly<Record<string, number>> = { months: 1, quarters: 3, years: 12 };
const UNITS = [EXACT, DAYS, MONTHS].flatMap(Object.keys);

const plural = (unit: string): string => (unit.endsWith('s') ? unit : `${unit}s`);

/** Canonical plural name of a unit. @throws Fault for an unknown unit */
export function unitOf(unit: string): string {
  const name = plural(unit);
  if (UNITS.includes(name)) return name;
  const hint = didYouMean(name, UNITS) ?? `use ${UNITS.join(', ')}`;
  throw new Fault(`"${unit}" is not a unit: ${hint}`);
}

/** Checks an amount. @throws Fault for a fraction of months or longer units */
export function checkAmount(amount: number, unit: string): void {
  if (unit in MONTHS && !Number.isInteger(amount)) {
    throw new Fault(
      `${amount} ${unit}: only whole ${unit} can be added; for less than one, add days`,
    );
  }
}

/** Adds an amount of units to an instant. Days and longer units follow the local time of the zone. @throws Fault */
export function later(time: number, amount: number, unit: string, zone: string): number {
  checkAmount(amount, unit);
  const exact = EXACT[unit];
  if (exact) return Math.trunc(time + amount * exact);
  const clock = toWallClock(time, zone);
  const months = MONTHS[unit];
  const moved = months ? addMonths(clock, amount * months) : clock + amount * DAYS[unit]!;
  return Number.isFinite(new Date(moved).getTime()) ? fromWallClock(Math.trunc(moved), zone) : NaN;
}

/** Number of units between two instants. Months and longer units are whole numbers, shorter ones have fractions. */
export function between(to: number, from: number, unit: string, zone: string): number {
  const exact = EXACT[unit];
  if (exact) return (to - from) / exact;
  const [end, start] = [toWallClock(to, zone), toWallClock(from, zone)];
  const months = MONTHS[unit];
  if (!months) return (end - start) / DAYS[unit]!;
  return Math.trunc(monthsBetween(end, start) / months) + 0;
}

/**
 * Adds months; a day beyond the end of the month becomes its last day, so January 31 plus one is the last of February.
 */
function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(date);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  return date.setUTCDate(Math.min(day, last.getUTCDate()));
}

/** Most months that can be added to `start` without passing `end`. */
function monthsBetween(end: number, start: number): number {
  const [a, b] = [new Date(end), new Date(start)];
  const years = a.getUTCFullYear() - b.getUTCFullYear();
  const months = years * 12 + a.getUTCMonth() - b.getUTCMonth();
  const sign = Math.sign(end - start);
  return (addMonths(start, months) - end) * sign > 0 ? months - sign : months;
}
