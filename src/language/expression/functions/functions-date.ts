import type { Json } from '../../../contracts/json/json.js';
import { checkPattern, writeDate } from './date-pattern.js';
import { between, checkAmount, later, unitOf } from './date-units.js';
import { asNumber, asText, define } from './function.js';
import { instant, iso } from './instant.js';
import type { Machine } from '../runtime/machine.js';
import { checkZone, toWallClock } from './zone.js';

const DATE = 'date(value, zone?)';
const ADD = 'date_add(date, amount, unit?, zone?)';
const DIFF = 'date_diff(later, earlier, unit?, zone?)';
const FORMAT = 'format_date(date, pattern, zone?)';
/** Steps that a lookup of a time zone costs, because it is slow. */
const ZONE_STEPS = 50;

/**
 * Functions over dates. A date is ISO-8601 text (without a zone: UTC, or the zone passed to `date`) or a number of seconds
 * since 1970. Results are ISO-8601 in UTC with milliseconds. Zones have IANA names.
 */
export const DATE_FUNCTIONS = {
  now: define('now()', (machine) => iso(instant(machine.scope.now()))),
  date: define(
    DATE,
    (machine, [value, zone]) => iso(instant(value!, zoneOf(zone, DATE, machine))),
    ([value, zone]) => {
      zoneOf(zone, DATE);
      checkDates(value);
    },
  ),
  date_add: define(
    ADD,
    (machine, [value, amount, unit, zone]) => {
      const [by, where] = [unitOf(wordOf(unit, ADD)), zoneOf(zone, ADD, machine)];
      return iso(later(instant(value!), asNumber(amount, ADD), by, where));
    },
    ([value, amount, unit, zone]) => {
      const by = unitOf(wordOf(unit, ADD));
      if (unit !== undefined && typeof amount === 'number') checkAmount(amount, by);
      zoneOf(zone, ADD);
      checkDates(value);
    },
  ),
  date_diff: define(
    DIFF,
    (machine, [to, from, unit, zone]) => {
      const [by, where] = [unitOf(wordOf(unit, DIFF)), zoneOf(zone, DIFF, machine)];
      return between(instant(to!), instant(from!), by, where);
    },
    ([to, from, unit, zone]) => {
      unitOf(wordOf(unit, DIFF));
      zoneOf(zone, DIFF);
      checkDates(to, from);
    },
  ),
  format_date: define(
    FORMAT,
    (machine, [value, pattern, zone]) => {
      const text = asText(pattern, FORMAT);
      machine.charge(text.length * 9);
      const time = instant(value!);
      const clock = toWallClock(time, zoneOf(zone, FORMAT, machine));
      return writeDate(clock, clock - time, text);
    },
    ([value, pattern, zone]) => {
      if (typeof pattern === 'string') checkPattern(pattern);
      zoneOf(zone, FORMAT);
      checkDates(value);
    },
  ),
};

/** Checks the constant dates. @throws Fault */
function checkDates(...dates: (Json | undefined)[]): void {
  for (const date of dates) if (date !== undefined) instant(date);
}

const wordOf = (unit: Json | undefined, usage: string): string => asText(unit ?? 'seconds', usage);

function zoneOf(zone: Json | undefined, usage: string, machine?: Machine): string {
  const name = asText(zone ?? 'UTC', usage);
  if (name !== 'UTC') machine?.step(ZONE_STEPS);
  checkZone(name);
  return name;
}
