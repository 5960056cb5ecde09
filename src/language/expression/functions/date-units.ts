import { didYouMean } from '../../text/nearest.js';
import { Fault } from '../runtime/fault.js';
import { fromWallClock, toWallClock } from './zone.js';

/** Milliseconds. */
const EXACT: Readonly<Record<string, number>> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
};
/** Milliseconds of clocks: where they are put forward or back, it is an hour less or more. */
const DAYS: Readonly<Record<string, number>> = { days: 86_400_000, weeks: 7 * 86_400_000 };
const MONTHS: Readonly<Record<string, number>> = { months: 1, quarters: 3, years: 12 };
const UNITS = [EXACT, DAYS, MONTHS].flatMap(Object.keys);

const plural = (unit: string): string => (unit.endsWith('s') ? unit : `${unit}s`);

/** The unit's name, in the plural. @throws Fault for a word that is none */
export function unitOf(unit: string): string {
  const name = plural(unit);
  if (UNITS.includes(name)) return name;
  const hint = didYouMean(name, UNITS) ?? `use ${UNITS.join(', ')}`;
  throw new Fault(`"${unit}" is not a unit: ${hint}`);
}

/** @throws Fault for an amount that the unit does not take */
export function checkAmount(amount: number, unit: string): void {
  if (unit in MONTHS && !Number.isInteger(amount)) {
    throw new Fault(
      `${amount} ${unit}: only whole ${unit} can be added; for a part of one add days`,
    );
  }
}

/** So many units after an instant; days and longer ones by the clocks of the zone. @throws Fault */
export function later(time: number, amount: number, unit: string, zone: string): number {
  checkAmount(amount, unit);
  const exact = EXACT[unit];
  if (exact) return Math.trunc(time + amount * exact);
  const clock = toWallClock(time, zone);
  const months = MONTHS[unit];
  const moved = months ? addMonths(clock, amount * months) : clock + amount * DAYS[unit]!;
  return Number.isFinite(new Date(moved).getTime()) ? fromWallClock(Math.trunc(moved), zone) : NaN;
}

/** Units from one instant to another: months and longer ones are whole, others have fractions. */
export function between(to: number, from: number, unit: string, zone: string): number {
  const exact = EXACT[unit];
  if (exact) return (to - from) / exact;
  const [end, start] = [toWallClock(to, zone), toWallClock(from, zone)];
  const months = MONTHS[unit];
  if (!months) return (end - start) / DAYS[unit]!;
  return Math.trunc(monthsBetween(end, start) / months) + 0;
}

/** The last of January and one month is the last of February. */
function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(date);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  return date.setUTCDate(Math.min(day, last.getUTCDate()));
}

/** Months that can be added without passing the end. */
function monthsBetween(end: number, start: number): number {
  const [a, b] = [new Date(end), new Date(start)];
  const years = a.getUTCFullYear() - b.getUTCFullYear();
  const months = years * 12 + a.getUTCMonth() - b.getUTCMonth();
  const sign = Math.sign(end - start);
  return (addMonths(start, months) - end) * sign > 0 ? months - sign : months;
}
