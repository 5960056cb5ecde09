import { Temporal } from 'temporal-polyfill';
import { MissionError } from '../../contracts/errors.js';
import { instantsOf } from './local-time.js';
import type { DueRule, DueTime } from './due-rule.js';
import { isDay } from './parse-cron.js';

/** A pattern that comes at all comes within this time: 29 February may be eight years away, and its weekday 40. */
const HORIZON_DAYS = 366 * 41;

/** @throws MissionError `input_invalid` for a name that is no time zone */
export function checkZone(zone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    throw new MissionError(
      'input_invalid',
      `${JSON.stringify(zone.slice(0, 60))} is not a time zone. Write a name such as Europe/Berlin or UTC.`,
    );
  }
}

/**
 * The due times after `after` and not after `until`, in order, at most `limit`.
 * A pattern that names hours comes once on each of its days at each of its
 * times; one that names none comes whenever the clock shows one of its minutes.
 */
export function dueTimes(rule: DueRule, after: number, until: number, limit: number): DueTime[] {
  const due: DueTime[] = [];
  let day = localDay(after, rule.zone).subtract({ days: 1 });
  const last = localDay(until, rule.zone).add({ days: 1 });
  for (let days = 0; days < HORIZON_DAYS; days += 1) {
    if (Temporal.PlainDate.compare(day, last) > 0 || due.length >= limit) break;
    if (isDay(rule.cron, day.month, day.day, day.dayOfWeek % 7))
      for (const time of ofDay(rule, day))
        if (time.at > after && time.at <= until && time.at > (due.at(-1)?.at ?? -Infinity))
          due.push(time);
    day = day.add({ days: 1 });
  }
  return due.slice(0, limit);
}

/** The next due times after a time, at most `limit`. */
export const nextDueTimes = (rule: DueRule, after: number, limit: number): DueTime[] =>
  dueTimes(rule, after, after + HORIZON_DAYS * 86_400_000, limit);

const localDay = (ms: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();

/** The due times of one day of the zone, in order. */
function ofDay({ cron, zone, gap, fold }: DueRule, day: Temporal.PlainDate): DueTime[] {
  const rules = cron.everyHour ? ({ gap: 'skip', fold: 'both' } as const) : { gap, fold };
  const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => hour * 60 + minute));
  return instantsOf(day, zone, times, rules).sort((a, b) => a.at - b.at);
}
