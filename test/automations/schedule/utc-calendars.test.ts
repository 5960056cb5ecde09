import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueTimes } from '../../../src/automations/schedule/due-times.js';
import { parseCron } from '../../../src/automations/schedule/parse-cron.js';
import { utcCalendars, type UtcCalendar } from '../../../src/automations/schedule/utc-calendars.js';

const rule = (text: string, zone: string) =>
  ({ cron: parseCron(text), zone, gap: 'end', fold: 'first' }) as const;

const timesOf = (calendars: UtcCalendar[]) =>
  calendars
    .flatMap(({ year, month, dayOfMonth, hour, minute }) =>
      dayOfMonth.flatMap((day) =>
        hour.flatMap((h) => minute.map((m) => Date.parse(`${day} ${month} ${year} ${h}:${m} UTC`))),
      ),
    )
    .sort((a, b) => a - b);

test('calendars have exactly the times that they are made of', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 600_000 }), { maxLength: 200 }),
      (minutes) => {
        const times = minutes
          .map((each) => Date.UTC(2026, 0, 1) + each * 60_000)
          .sort((a, b) => a - b);
        expect(timesOf(utcCalendars(times.map((at) => ({ at }))))).toEqual(times);
      },
    ),
  );
});

test.each([
  ['30 2 * * *', 16],
  ['*/15 * * * *', 24],
  ['0 9 * * MON-FRI', 16],
])('a year of %s in Berlin needs few calendars', (text, most) => {
  const from = Date.UTC(2026, 0, 1);
  const due = dueTimes(rule(text, 'Europe/Berlin'), from, from + 365 * 86_400_000, 100_000);
  const calendars = utcCalendars(due);
  expect(calendars.length).toBeLessThanOrEqual(most);
  expect(timesOf(calendars)).toEqual(due.map(({ at }) => at));
});
