import type { Json } from '../../contracts/json.js';
import { Fault } from './fault.js';
import { asNumber, asText, define } from './function.js';
import { show } from './values.js';

const ADD = 'date_add(date, amount, unit?)';
const DIFF = 'date_diff(later, earlier, unit?)';
const FORMAT = 'format_date(date, format)';
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const UNITS: Record<string, number> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 7 * 86_400_000,
};
const MONTHS: Record<string, number> = { months: 1, years: 12 };

/**
 * Functions over times, all in UTC. A date is ISO-8601 text (without a zone: UTC) or a number of seconds since 1970;
 * results are ISO-8601 with milliseconds. Units: milliseconds, seconds (default), minutes, hours, days, weeks;
 * `date_add` also months and years.
 */
export const DATE_FUNCTIONS = {
  now: define('now()', (machine) => iso(instant(machine.scope.now()))),
  date: define('date(value)', (_, [value]) => iso(instant(value!))),
  date_add: define(ADD, (_, [value, amount, unit = 'seconds']) =>
    iso(add(instant(value!), asNumber(amount, ADD), asText(unit, ADD))),
  ),
  date_diff: define(
    DIFF,
    (_, [later, earlier, unit = 'seconds']) =>
      (instant(later!) - instant(earlier!)) / scale(asText(unit, DIFF)),
  ),
  format_date: define(FORMAT, (machine, [value, format]) => {
    const pattern = asText(format, FORMAT);
    machine.charge(pattern.length * 3);
    return formatted(new Date(instant(value!)), pattern);
  }),
};

/** True for a date as the functions take it. */
export function isDate(value: Json): boolean {
  try {
    return Number.isFinite(instant(value));
  } catch {
    return false;
  }
}

/** Milliseconds since 1970, of a date. Throws a Fault for what is none. */
export function instant(value: Json): number {
  const time =
    typeof value === 'number'
      ? value * 1000
      : typeof value === 'string'
        ? parse(value.trim())
        : NaN;
  if (Number.isNaN(new Date(time).getTime())) {
    throw new Fault(`${show(value)} is not a date: write it as 2026-01-31T12:00:00Z`);
  }
  return Math.trunc(time);
}

function parse(text: string): number {
  const parts = ISO.exec(text);
  if (!parts) return NaN;
  const [year, month, day, hour, minute, second] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const milliseconds = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000);
  const time = Date.UTC(year!, month! - 1, day, hour, minute, second, milliseconds);
  const written = new Date(time);
  const real = written.getUTCMonth() === month! - 1 && written.getUTCDate() === day;
  if (!real || minute! > 59 || second! > 59) return NaN;
  return time - zoneOffset(parts[8]);
}

function zoneOffset(zone: string | undefined): number {
  if (!zone || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}

function iso(time: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new Fault('the date is out of range');
  return date.toISOString();
}

function scale(unit: string, also: readonly string[] = []): number {
  const known = UNITS[plural(unit)];
  if (known) return known;
  throw new Fault(`"${unit}" is not a unit: use ${[...Object.keys(UNITS), ...also].join(', ')}`);
}

const plural = (unit: string): string => (unit.endsWith('s') ? unit : `${unit}s`);

function add(time: number, amount: number, unit: string): number {
  const months = MONTHS[plural(unit)];
  return months
    ? addMonths(time, Math.trunc(amount) * months)
    : Math.trunc(time + amount * scale(unit, Object.keys(MONTHS)));
}

/** The last of January and one month is the last of February. */
function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const NAMES = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
const FIELDS = /YYYY|MMMM|dddd|MMM|ddd|SSS|YY|MM|DD|HH|mm|ss|M|D|H/g;

/** `YYYY-MM-DD HH:mm:ss.SSS`; also MMM, MMMM, ddd, dddd, YY and M, D, H without a leading zero. */
function formatted(date: Date, format: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [year, month, day, hour] = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
  ];
  const fields: Record<string, string> = {
    YYYY: String(year).padStart(4, '0'),
    YY: two(year % 100),
    MMMM: NAMES[month]!,
    MMM: NAMES[month]!.slice(0, 3),
    MM: two(month + 1),
    M: String(month + 1),
    DD: two(day),
    D: String(day),
    dddd: DAYS[date.getUTCDay()]!,
    ddd: DAYS[date.getUTCDay()]!.slice(0, 3),
    HH: two(hour),
    H: String(hour),
    mm: two(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    SSS: String(date.getUTCMilliseconds()).padStart(3, '0'),
  };
  return format.replace(FIELDS, (field) => fields[field]!);
}
