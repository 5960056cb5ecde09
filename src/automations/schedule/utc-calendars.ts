import type { Month } from '@temporalio/client';
import type { DueTime } from './due-rule.js';

const MONTHS: readonly Month[] = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
];

/** A set of times in UTC, in the words of a Temporal Schedule: every combination of its values. */
export interface UtcCalendar {
  year: number;
  month: Month;
  dayOfMonth: number[];
  hour: number[];
  minute: number[];
}

/**
 * The calendars whose times are exactly the given ones, which lie on whole
 * minutes. Hours with the same minutes are put together, and so are days of a
 * month with the same hours, so that a regular pattern needs few calendars.
 */
export function utcCalendars(due: readonly DueTime[]): UtcCalendar[] {
  const days = grouped(due, ({ at }) => new Date(at).toISOString().slice(0, 10));
  const parts = [...days].flatMap(([day, times]) =>
    hoursOf(times).map(({ hour, minute }) => ({ day, hour, minute })),
  );
  const months = grouped(parts, ({ day, hour, minute }) =>
    JSON.stringify([day.slice(0, 7), hour, minute]),
  );
  return [...months.values()].map((same) => {
    const [year, month] = same[0]!.day.split('-').map(Number) as [number, number];
    const { hour, minute } = same[0]!;
    return {
      year,
      month: MONTHS[month - 1]!,
      dayOfMonth: same.map(({ day }) => Number(day.slice(8))),
      hour,
      minute,
    };
  });
}

/** The times of one day: the hours that share their minutes. */
function hoursOf(times: readonly DueTime[]): Pick<UtcCalendar, 'hour' | 'minute'>[] {
  const dates = times.map(({ at }) => new Date(at));
  const hours = [...grouped(dates, (date) => date.getUTCHours())].map(([hour, these]) => ({
    hour,
    minute: these.map((date) => date.getUTCMinutes()),
  }));
  const groups = grouped(hours, ({ minute }) => JSON.stringify(minute));
  return [...groups.values()].map((same) => ({
    hour: same.map(({ hour }) => hour),
    minute: same[0]!.minute,
  }));
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  return Map.groupBy(items, keyOf);
}
