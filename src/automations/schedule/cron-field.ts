import { MissionError } from '../../contracts/errors.js';

/** One of the five fields of a cron expression. */
export interface FieldKind {
  name: string;
  least: number;
  most: number;
  /** Names of values, the first one for `least`. */
  names?: readonly string[];
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** In their order in an expression. Sunday is 0, and 7 as well. */
export const FIELDS = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of week', least: 0, most: 7, names: WEEKDAYS },
] as const satisfies readonly FieldKind[];

/** What to write instead of the signs that other dialects of cron know. */
const FOREIGN: readonly [RegExp, string][] = [
  [
    /#/,
    'the second Friday is "8-14" as day of month and "FRI" as day of week, with days: both; other weeks are 1-7, 15-21 and 22-28',
  ],
  [
    /^\d*L|L$/i,
    'the last day of a month has no pattern: write 28-31, and let the directive look whether tomorrow is the first',
  ],
  [/\d+W|^W$/i, 'write the day of month and MON-FRI as day of week, with days: both'],
  [/^\?$/, 'write * instead of ?'],
];

/**
 * The values that a field allows, in ascending order.
 * @throws MissionError `input_invalid` that says what is wrong and what to write instead
 */
export function valuesOf(text: string, kind: FieldKind): number[] {
  for (const [sign, advice] of FOREIGN) if (sign.test(text)) throw refused(kind, text, advice);
  const values = new Set<number>();
  for (const part of text.split(',')) for (const value of partValues(part, kind)) values.add(value);
  if (kind.most === 7 && values.delete(7)) values.add(0);
  return [...values].sort((a, b) => a - b);
}

function partValues(part: string, kind: FieldKind): number[] {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) throw refused(kind, part, 'a part has at most one "/"');
  const [from, to] = rangeOf(range, step !== undefined, kind);
  const by = step === undefined ? 1 : stepOf(step, kind);
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

function rangeOf(range: string, hasStep: boolean, kind: FieldKind): [number, number] {
  if (range === '*') return [kind.least, kind.most === 7 ? 6 : kind.most];
  const [first = '', last, ...more] = range.split('-');
  if (more.length > 0) throw refused(kind, range, 'a range has two ends, such as 1-5');
  const from = valueOf(first, kind);
  if (last === undefined && hasStep)
    throw refused(kind, range, `a step needs a range: write ${first}-${kind.most}/N`);
  const to = last === undefined ? from : valueOf(last, kind);
  if (from > to)
    throw refused(
      kind,
      range,
      `a range ends where it began or later: write ${from}-${kind.most},${kind.least}-${to}`,
    );
  return [from, to];
}

function valueOf(text: string, kind: FieldKind): number {
  const named = kind.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + kind.least;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  if (value >= kind.least && value <= kind.most) return value;
  const names = kind.names ? `, or ${kind.names[0]} to ${kind.names.at(-1)}` : '';
  throw refused(kind, text, `it takes ${kind.least} to ${kind.most}${names}`);
}

function stepOf(text: string, kind: FieldKind): number {
  const step = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (step >= 1 && step <= kind.most) return step;
  throw refused(kind, `/${text}`, `a step is 1 to ${kind.most}`);
}

const refused = ({ name }: FieldKind, text: string, advice: string) =>
  new MissionError(
    'input_invalid',
    `The ${name} of the schedule cannot be ${JSON.stringify(text.slice(0, 60))}: ${advice}.`,
  );
