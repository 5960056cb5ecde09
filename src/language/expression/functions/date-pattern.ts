import { didYouMean } from '../../text/nearest.js';
import { Fault } from '../runtime/fault.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
const DAY_MS = 86_400_000;

/** Local time to format: `date` holds it as if it were UTC; `offset` is its lead over UTC in milliseconds. */
interface Moment {
  date: Date;
  offset: number;
}

const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0');
const twelve = ({ date }: Moment): number => date.getUTCHours() % 12 || 12;
const half = ({ date }: Moment): string => (date.getUTCHours() < 12 ? 'AM' : 'PM');

const FIELDS: Readonly<Record<string, (moment: Moment) => string>> = {
  YYYY: ({ date }) => padded(date.getUTCFullYear(), 4),
  YY: ({ date }) => padded(date.getUTCFullYear() % 100),
  Q: ({ date }) => String(Math.floor(date.getUTCMonth() / 3) + 1),
  MMMM: ({ date }) => MONTHS[date.getUTCMonth()]!,
  MMM: ({ date }) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  MM: ({ date }) => padded(date.getUTCMonth() + 1),
  M: ({ date }) => String(date.getUTCMonth() + 1),
  DDDD: ({ date }) => padded(dayOfYear(date), 3),
  DDD: ({ date }) => String(dayOfYear(date)),
  DD: ({ date }) => padded(date.getUTCDate()),
  D: ({ date }) => String(date.getUTCDate()),
  Do: ({ date }) => ordinal(date.getUTCDate()),
  dddd: ({ date }) => DAYS[date.getUTCDay()]!,
  ddd: ({ date }) => DAYS[date.getUTCDay()]!.slice(0, 3),
  E: ({ date }) => String(date.getUTCDay() || 7),
  GGGG: ({ date }) => padded(isoWeek(date).year, 4),
  WW: ({ date }) => padded(isoWeek(date).week),
  W: ({ date }) => String(isoWeek(date).week),
  HH: ({ date }) => padded(date.getUTCHours()),
  H: ({ date }) => String(date.getUTCHours()),
  hh: (moment) => padded(twelve(moment)),
  h: (moment) => String(twelve(moment)),
  A: half,
  a: (moment) => half(moment).toLowerCase(),
  mm: ({ date }) => padded(date.getUTCMinutes()),
  m: ({ date }) => String(date.getUTCMinutes()),
  ss: ({ date }) => padded(date.getUTCSeconds()),
  s: ({ date }) => String(date.getUTCSeconds()),
  SSS: ({ date }) => padded(date.getUTCMilliseconds(), 3),
  Z: ({ offset }) => zoneText(offset),
};

/** Letters of other pattern notations, with the letters used here. */
const FOREIGN: Readonly<Record<string, string>> = {
  ...{ yyyy: 'YYYY', yy: 'YY', y: 'YYYY', Y: 'YYYY', YYY: 'YYYY', uuuu: 'YYYY' },
  ...{ dd: 'DD', d: 'D', EEEE: 'dddd', EEE: 'ddd', EE: 'ddd', e: 'E', eeee: 'dddd' },
  ...{ SS: 'SSS', S: 'SSS', fff: 'SSS', ww: 'WW', w: 'W', tt: 'A', t: 'A', kk: 'HH', k: 'H' },
  ...{ aa: 'A', AA: 'A', ZZ: 'Z', z: 'Z', zzz: 'Z', X: 'Z', XXX: 'Z', x: 'Z', xxx: 'Z' },
};

/** Matches a bracketed literal, the `T` of ISO-8601, a run of equal letters, or any other character. */
const PIECES = /\[([^\]]*)\]|(T)(?=[Hh])|Do|([A-Za-z])\3*|[^]/gu;

/** The valid letters of a pattern, for hints. */
const PATTERN_LETTERS = Object.keys(FIELDS).join(' ');

/**
 * Formats a date by a pattern such as `YYYY-MM-DD HH:mm`. Text in brackets, punctuation and a `T` between date and time
 * are copied.
 * @throws Fault for unknown letters
 */
export function writeDate(clock: number, offset: number, pattern: string): string {
  const moment = { date: new Date(clock), offset };
  return piecesOf(pattern)
    .map(({ text, literal }) => (literal ? text : FIELDS[text]!(moment)))
    .join('');
}

/** Checks a pattern. @throws Fault for unknown letters */
export const checkPattern = (pattern: string): void => void piecesOf(pattern);

/** A part of a pattern. `literal`: the text is copied. */
interface Piece {
  text: string;
  literal: boolean;
}

function piecesOf(pattern: string): Piece[] {
  const pieces = [...pattern.matchAll(PIECES)].map(([text, word, time]) => {
    const kept = word ?? time;
    return { text: kept ?? text, literal: kept !== undefined || !/^[A-Za-z[]/.test(text) };
  });
  const wrong = pieces.find((piece) => !isKnown(piece));
  if (wrong) refuse(pattern, wrong.text, pieces);
  return pieces;
}

const isKnown = ({ text, literal }: Piece): boolean => literal || Object.hasOwn(FIELDS, text);

function refuse(pattern: string, text: string, pieces: Piece[]): never {
  const shown = JSON.stringify(pattern.slice(0, 60));
  if (text === '[') throw new Fault(`in the pattern ${shown} a "[" has no "]"`);
  const words = 'put text that is to stay as it is into brackets: "[Due] D MMMM"';
  throw new Fault(
    `"${text}" in the pattern ${shown} is not a pattern letter: ${advice(text, pieces)}; ${words}`,
  );
}

/** Hint that rewrites a pattern in another notation. */
function advice(text: string, pieces: Piece[]): string {
  const written = pieces.map((each) => (isKnown(each) ? each.text : FOREIGN[each.text]));
  if (!written.includes(undefined)) return `write "${written.join('')}"`;
  return didYouMean(text, Object.keys(FIELDS)) ?? `the letters are ${PATTERN_LETTERS}`;
}

function dayOfYear(date: Date): number {
  const first = new Date(date);
  return Math.floor((date.getTime() - first.setUTCMonth(0, 1)) / DAY_MS) + 1;
}

/** ISO-8601 week: it begins on Monday and belongs to the year of its Thursday. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

function ordinal(day: number): string {
  const teen = day > 10 && day < 14;
  return `${day}${(teen ? undefined : ['th', 'st', 'nd', 'rd'][day % 10]) ?? 'th'}`;
}

/** Formats an offset in milliseconds as ISO-8601 does. */
function zoneText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.round(Math.abs(offset) / 60_000);
  return `${offset < 0 ? '-' : '+'}${padded(Math.floor(minutes / 60))}:${padded(minutes % 60)}`;
}
