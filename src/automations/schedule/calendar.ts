import { Temporal } from 'temporal-polyfill';
import { MissionError } from '../../contracts/errors.js';

const POINT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/;

/** A named list of days and spans, in local time. */
export interface Calendar {
  name: string;
  dates: readonly string[];
}

/**
 * Checks an entry: a day (`2026-12-25`), or a span of days, both ends included,
 * or of local times, the end left out (`2026-12-24T12:00/2026-12-27T08:00`).
 * @throws MissionError `input_invalid`
 */
export function checkCalendarDate(text: string): void {
  const ends = text.split('/');
  const good =
    ends.length <= 2 &&
    ends.every(isPoint) &&
    (ends[1] === undefined || startOf(ends[0]!) <= endOf(ends[1]));
  if (good) return;
  throw new MissionError(
    'input_invalid',
    `${JSON.stringify(text.slice(0, 60))} is not a day of a calendar. Write 2026-12-25, 2026-12-24/2027-01-02 or 2026-12-24T12:00/2026-12-27T08:00.`,
  );
}

/** The first calendar that excludes a time; undefined when none does. */
export function excluding(
  calendars: readonly Calendar[],
  zone: string,
  at: number,
): string | undefined {
  if (calendars.length === 0) return undefined;
  const clock = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
  return calendars.find(({ dates }) => dates.some((date) => includes(date, clock)))?.name;
}

function includes(date: string, clock: string): boolean {
  const [from = '', to = from] = date.split('/');
  return startOf(from) <= clock && clock < endOf(to);
}

const isPoint = (text: string): boolean => {
  if (!POINT.test(text)) return false;
  try {
    Temporal.PlainDateTime.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
};

const startOf = (point: string): string => (point.includes('T') ? point : `${point}T00:00`);
/** A day ends with its last minute, which no local time is behind. */
const endOf = (point: string): string => (point.includes('T') ? point : `${point}T24:00`);
