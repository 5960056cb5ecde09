import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { DueRule, FoldRule, GapRule } from '../../../src/automations/schedule/due-rule.js';
import { checkZone, dueTimes, nextDueTimes } from '../../../src/automations/schedule/due-times.js';
import { parseCron } from '../../../src/automations/schedule/parse-cron.js';

interface Options {
  gap?: GapRule;
  fold?: FoldRule;
  days?: 'both' | 'either';
}

const rule = (text: string, zone: string, { gap, fold, days }: Options = {}): DueRule => ({
  cron: parseCron(text, days),
  zone,
  gap: gap ?? 'end',
  fold: fold ?? 'first',
});

const ms = (text: string) => Date.parse(text);

/** The due times of a span in UTC, each with its note. */
const between = (given: DueRule, from: string, to: string) =>
  dueTimes(given, ms(from) - 1, ms(to), 1_000).map(({ at, note }) => {
    const time = new Date(at).toISOString().slice(0, 16);
    return note ? `${time} ${note}` : time;
  });

describe('due times when clocks change', () => {
  test('a fixed time in the gap comes when the gap ends, once, or is skipped', () => {
    const night = ['2026-03-28T12:00Z', '2026-03-29T12:00Z'] as const;
    expect(between(rule('30 2 * * *', 'Europe/Berlin'), ...night)).toEqual([
      '2026-03-29T01:00 gap',
    ]);
    expect(between(rule('*/15 2 * * *', 'Europe/Berlin'), ...night)).toEqual([
      '2026-03-29T01:00 gap',
    ]);
    expect(between(rule('30 2 * * *', 'Europe/Berlin', { gap: 'skip' }), ...night)).toEqual([]);
    // 03:00 is due by itself, and the skipped 02:00 ends at the same instant.
    expect(between(rule('0 2,3 * * *', 'Europe/Berlin'), ...night)).toHaveLength(1);
  });

  test('a fixed time in the repeated hour comes once, at its first copy, or at both', () => {
    const night = ['2026-10-24T12:00Z', '2026-10-25T12:00Z'] as const;
    expect(between(rule('30 2 * * *', 'Europe/Berlin'), ...night)).toEqual([
      '2026-10-25T00:30 first_copy',
    ]);
    expect(between(rule('30 2 * * *', 'Europe/Berlin', { fold: 'both' }), ...night)).toEqual([
      '2026-10-25T00:30 first_copy',
      '2026-10-25T01:30 second_copy',
    ]);
    expect(
      between(rule('30 1 * * *', 'America/New_York'), '2026-11-01T00:00Z', '2026-11-02T00:00Z'),
    ).toEqual(['2026-11-01T05:30 first_copy']);
  });

  test.each(['Europe/Berlin', 'Europe/London', 'America/New_York', 'Asia/Tokyo'])(
    'a pattern of minutes follows elapsed time in %s',
    (zone) => {
      for (const day of ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01']) {
        const from = ms(`${day}T00:00Z`) - 1;
        const minutely = dueTimes(rule('* * * * *', zone), from, from + 86_400_000, 10_000);
        expect(minutely).toHaveLength(1_440);
        const half = dueTimes(rule('*/30 * * * *', zone), from, from + 86_400_000, 10_000);
        expect(half.map(({ at }) => at)).toEqual(
          Array.from({ length: 48 }, (_, at) => ms(`${day}T00:00Z`) + at * 1_800_000),
        );
        expect(dueTimes(rule('0 * * * *', zone), from, from + 86_400_000, 100)).toHaveLength(24);
      }
    },
  );

  test('half an hour of change leaves no hole (Lord Howe)', () => {
    const times = dueTimes(
      rule('*/15 * * * *', 'Australia/Lord_Howe'),
      ms('2026-04-04T12:00Z'),
      ms('2026-04-05T12:00Z'),
      1_000,
    );
    const gaps = new Set(times.slice(1).map(({ at }, before) => at - times[before]!.at));
    expect([...gaps]).toEqual([900_000]);
  });

  test('midnight that does not exist comes at the end of the gap (Santiago, Cairo)', () => {
    expect(
      between(rule('0 0 * * *', 'America/Santiago'), '2026-09-05T12:00Z', '2026-09-06T12:00Z'),
    ).toEqual(['2026-09-06T04:00 gap']);
    expect(
      between(rule('0 0 * * *', 'Africa/Cairo'), '2026-04-23T12:00Z', '2026-04-24T12:00Z'),
    ).toEqual(['2026-04-23T22:00 gap']);
  });
});

describe('due times', () => {
  test('both day fields: both or either', () => {
    const span = ['2026-05-01T00:00Z', '2026-05-31T00:00Z'] as const;
    expect(between(rule('0 0 8-14 * FRI', 'UTC', { days: 'both' }), ...span)).toEqual([
      '2026-05-08T00:00',
    ]);
    expect(between(rule('0 0 13 * FRI', 'UTC', { days: 'either' }), ...span)).toEqual([
      '2026-05-01T00:00',
      '2026-05-08T00:00',
      '2026-05-13T00:00',
      '2026-05-15T00:00',
      '2026-05-22T00:00',
      '2026-05-29T00:00',
    ]);
  });

  test('the next ones are found over years', () => {
    const [first] = nextDueTimes(rule('0 0 29 2 *', 'UTC'), ms('2096-03-01T00:00Z'), 1);
    expect(new Date(first!.at).toISOString()).toBe('2104-02-29T00:00:00.000Z');
  });

  test('`after` is left out, `until` is not', () => {
    const every = rule('0 12 * * *', 'UTC');
    const noon = ms('2026-01-01T12:00Z');
    expect(dueTimes(every, noon, noon + 86_400_000, 9).map(({ at }) => at)).toEqual([
      noon + 86_400_000,
    ]);
    expect(dueTimes(every, noon - 1, noon, 9).map(({ at }) => at)).toEqual([noon]);
  });

  test('a name that is no zone is refused', () => {
    expect(() => checkZone('Europe/Atlantis')).toThrow('"Europe/Atlantis" is not a time zone');
    expect(() => checkZone('America/Argentina/Buenos_Aires')).not.toThrow();
  });
});

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Asuncion',
  'America/Havana',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Jerusalem',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Auckland',
  'Atlantic/Azores',
];

/** The rule in other words: walks over every minute of a span, and looks at the clock. */
function walked({ cron, zone, gap, fold }: DueRule, from: number, to: number): number[] {
  const seen = new Set<string>();
  const due = new Set<number>();
  let before: Temporal.PlainDateTime | undefined;
  for (let at = from - 2 * 86_400_000; at <= to; at += 60_000) {
    const clock = Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .toPlainDateTime();
    const skipped = before ? skippedBetween(before, clock) : [];
    if (!cron.everyHour && gap === 'end' && skipped.some((each) => matches(cron, each)))
      due.add(at);
    const again = seen.has(clock.toString());
    if (matches(cron, clock) && (cron.everyHour || fold === 'both' || !again)) due.add(at);
    seen.add(clock.toString());
    before = clock;
  }
  return [...due].filter((at) => at >= from).sort((a, b) => a - b);
}

function skippedBetween(before: Temporal.PlainDateTime, now: Temporal.PlainDateTime) {
  const minutes: Temporal.PlainDateTime[] = [];
  let next = before.add({ minutes: 1 });
  while (Temporal.PlainDateTime.compare(next, now) < 0 && minutes.length < 200) {
    minutes.push(next);
    next = next.add({ minutes: 1 });
  }
  return minutes;
}

function matches(cron: DueRule['cron'], clock: Temporal.PlainDateTime): boolean {
  const inMonth = cron.days.includes(clock.day);
  const inWeek = cron.weekdays.includes(clock.dayOfWeek % 7);
  return (
    cron.months.includes(clock.month) &&
    (cron.dayRule === 'either' ? inMonth || inWeek : inMonth && inWeek) &&
    cron.hours.includes(clock.hour) &&
    cron.minutes.includes(clock.minute)
  );
}

const someOf = (least: number, most: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 2, max: Math.min(30, most) }).map((step) => `*/${step}`),
    fc
      .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 4 })
      .map((values) => values.join(',')),
  );

describe('property', () => {
  test('around every change of the clocks the rule equals a walk over the minutes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 2026, max: 2030 }),
        fc.nat({ max: 3 }),
        fc.tuple(
          someOf(0, 59),
          someOf(0, 4),
          fc.constantFrom('*', '1-31/2'),
          fc.constant('*'),
          fc.constantFrom('*', '0', '6,0'),
        ),
        fc.constantFrom<GapRule>('end', 'skip'),
        fc.constantFrom<FoldRule>('first', 'both'),
        fc.constantFrom<'both' | 'either'>('both', 'either'),
        (zone, year, which, fields, gap, fold, days) => {
          let change = Temporal.Instant.from(`${year}-01-01T00:00Z`).toZonedDateTimeISO(zone);
          for (let at = 0; at <= which; at += 1)
            change = change.getTimeZoneTransition('next') ?? change;
          const given = rule(fields.join(' '), zone, { gap, fold, days });
          const from = change.epochMilliseconds - 36 * 3_600_000;
          const to = change.epochMilliseconds + 36 * 3_600_000;
          const found = dueTimes(given, from - 1, to, 10_000).map(({ at }) => at);
          expect(found).toEqual(walked(given, from, to));
        },
      ),
      { numRuns: Number(process.env['DUE_RUNS'] ?? 12) },
    );
  });
});
