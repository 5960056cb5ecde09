import { MissionError } from '../../contracts/errors.js';
import { FIELDS, valuesOf } from './cron-field.js';

/** What a day must be for a pattern that restricts both the day of month and the day of week. */
export const DAY_RULES = ['both', 'either'] as const;
export type DayRule = (typeof DAY_RULES)[number];

/** A cron expression, read. Values are in ascending order. */
export interface Cron {
  minutes: number[];
  hours: number[];
  days: number[];
  months: number[];
  /** 0 is Sunday. */
  weekdays: number[];
  /** Absent: at most one of the two day fields is restricted, so that both hold. */
  dayRule?: DayRule;
  /** True: the pattern names no hours, so that it follows elapsed time when clocks change. */
  everyHour: boolean;
}

const NICKNAMES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** The longest month of each number: 29 February comes in leap years. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MAX_TEXT = 500;

/**
 * Reads five fields: minute, hour, day of month, month, day of week; or a nickname such as `@daily`.
 * @throws MissionError `input_invalid` that says what is wrong and what to write instead
 */
export function parseCron(text: string, dayRule?: DayRule): Cron {
  const trimmed = text.trim();
  const fields = (NICKNAMES[trimmed.toLowerCase()] ?? trimmed).slice(0, MAX_TEXT).split(/\s+/);
  if (fields.length !== FIELDS.length) throw wrongCount(trimmed, fields.length);
  const [minutes, hours, days, months, weekdays] = FIELDS.map((kind, at) =>
    valuesOf(fields[at]!, kind),
  ) as [number[], number[], number[], number[], number[]];
  const bothRestricted = !fields[2]!.startsWith('*') && !fields[4]!.startsWith('*');
  if (bothRestricted && dayRule === undefined) throw bothDays(fields[2]!, fields[4]!);
  const cron: Cron = { minutes, hours, days, months, weekdays, everyHour: fields[1] === '*' };
  if (bothRestricted) cron.dayRule = dayRule!;
  if (!canCome(cron)) throw neverComes(trimmed);
  return cron;
}

/** Whether a day is one of the pattern's. `weekday`: 0 is Sunday. */
export function isDay(cron: Cron, month: number, day: number, weekday: number): boolean {
  if (!cron.months.includes(month)) return false;
  const inMonth = cron.days.includes(day);
  const inWeek = cron.weekdays.includes(weekday);
  return cron.dayRule === 'either' ? inMonth || inWeek : inMonth && inWeek;
}

const canCome = ({ days, months, dayRule }: Cron): boolean =>
  dayRule === 'either' || months.some((month) => days[0]! <= LONGEST[month - 1]!);

function wrongCount(text: string, count: number): MissionError {
  const advice =
    count === 6 || count === 7
      ? 'seconds and years are not part of it: leave them out'
      : 'write minute, hour, day of month, month and day of week, such as "30 2 * * MON-FRI", or a nickname such as @daily';
  return new MissionError(
    'input_invalid',
    `The schedule ${JSON.stringify(text.slice(0, 80))} has ${count} fields instead of five: ${advice}.`,
  );
}

const bothDays = (day: string, weekday: string) =>
  new MissionError(
    'input_invalid',
    `The schedule restricts the day of month (${day.slice(0, 40)}) and the day of week (${weekday.slice(0, 40)}). Say what a day must be: days: both (a day that is both) or days: either (a day that is one of them).`,
  );

const neverComes = (text: string) =>
  new MissionError(
    'input_invalid',
    `The schedule ${JSON.stringify(text.slice(0, 80))} never comes: none of its months has such a day.`,
  );
