import type { CODE_FUNCTIONS } from '../expression/functions/functions-code.js';
import type { DATE_FUNCTIONS } from '../expression/functions/functions-date.js';
import type { LIST_FUNCTIONS } from '../expression/functions/functions-list.js';
import type { MAP_FUNCTIONS } from '../expression/functions/functions-map.js';
import type { NUMBER_FUNCTIONS } from '../expression/functions/functions-number.js';
import type { TEXT_FUNCTIONS } from '../expression/functions/functions-text.js';

/** Meaning of each function, with an example expression. */
type Guide<Functions> = Readonly<
  Record<keyof Functions, readonly [meaning: string, example: string]>
>;

const text: Guide<typeof TEXT_FUNCTIONS> = {
  upper: ['The text in upper case.', 'upper("abc")'],
  lower: ['The text in lower case.', 'lower("ABC")'],
  trim: ['The text without white space at its start and end.', 'trim("  abc ")'],
  split: [
    'The parts of the text between separators. An empty separator gives the single characters.',
    'split("a,b", ",")',
  ],
  join: ['The items joined to one text.', 'join([1, 2, 3], "-")'],
  replace: [
    'The text with every occurrence of `old` replaced. `old` is plain text, not a pattern.',
    'replace("a.b.c", ".", "/")',
  ],
  contains: [
    'Whether a text contains another, a list an item, or a map a key.',
    'contains("abc", "b")',
  ],
  starts_with: ['Whether the text begins with `start`.', 'starts_with("abc", "ab")'],
  ends_with: ['Whether the text ends with `end`.', 'ends_with("abc", "bc")'],
  slice: [
    'The characters or items from position `start` (the first is 0) up to but not including `end`. Negative positions count from the end.',
    'slice("hello", 1, 3)',
  ],
  truncate: [
    'The text cut to at most `length` characters, including the ending (default `…`).',
    'truncate("hello", 4)',
  ],
  slug: [
    'The text as lower-case letters, digits and `-` only, for use in names and addresses.',
    'slug("Ça va, Zoë?")',
  ],
};

const lists: Guide<typeof LIST_FUNCTIONS> = {
  len: ['The number of characters, items or keys; 0 for null.', 'len([1, 2, 3])'],
  first: ['The first item, or null if there is none.', 'first([3, 1, 2])'],
  last: ['The last item, or null if there is none.', 'last([3, 1, 2])'],
  sort: ['The items sorted: numbers by value, texts by code point, null last.', 'sort([3, 1, 2])'],
  sort_by: [
    'The items sorted by the value under a key or a path `a.b`. The sort is stable.',
    'sort_by([{n: 2}, {n: 1}], "n")',
  ],
  unique: ['The items without duplicates.', 'unique([1, 2, 1])'],
  pluck: ['The value under a key or a path of each item.', 'pluck([{id: "a"}, {id: "b"}], "id")'],
  where: ['The items that have `value` under a key or a path.', 'where([{n: 1}, {n: 2}], "n", 2)'],
  range: [
    'Whole numbers from `start` up to but not including `end`. With one argument, from 0 up to it.',
    'range(1, 4)',
  ],
  compact: ['The items that are not null.', 'compact([1, null, 2])'],
  flatten: [
    'The items of the lists in a list, joined to one list; one level deep.',
    'flatten([1, [2, [3]]])',
  ],
  chunk: ['The list split into lists of `size` items.', 'chunk([1, 2, 3], 2)'],
  reverse: ['The items in reverse order.', 'reverse([1, 2, 3])'],
  zip: [
    'A list of lists: the first items of all lists, then the second items, and so on, up to the length of the shortest list.',
    'zip([1, 2], ["a", "b"])',
  ],
};

const maps: Guide<typeof MAP_FUNCTIONS> = {
  keys: ['The keys of the map, in their order.', 'keys({b: 1, a: 2})'],
  values: ['The values of the map, in the order of its keys.', 'values({b: 1, a: 2})'],
  merge: [
    'The maps combined to one. If a key occurs several times, the last value is taken.',
    'merge({a: 1}, {b: 2})',
  ],
  pick: ['The map with only these keys, given one by one or as a list.', 'pick({a: 1, b: 2}, "a")'],
  omit: ['The map without these keys.', 'omit({a: 1, b: 2}, "a")'],
  get: [
    'The value at a path, given as a text `a.0.b` or as a list of keys; `default` if there is none.',
    'get({a: [{b: 7}]}, "a.0.b")',
  ],
  default: ['The value, or `fallback` if it is null.', 'default(null, 5)'],
  coalesce: ['The first argument that is not null.', 'coalesce(null, 0, 1)'],
  type: ['The type of the value: null, boolean, number, string, array or object.', 'type([])'],
};

const numbers: Guide<typeof NUMBER_FUNCTIONS> = {
  sum: ['The sum of numbers; 0 for an empty list.', 'sum([1, 2, 3.5])'],
  min: [
    'The smallest number, or the first text by code point; null for an empty list.',
    'min(4, 9, 2)',
  ],
  max: [
    'The largest number, or the last text by code point; null for an empty list.',
    'max([4, 9, 2])',
  ],
  avg: ['The arithmetic mean; null for an empty list.', 'avg([1, 2])'],
  abs: ['The absolute value.', 'abs(-2)'],
  ceil: ['The number rounded up to a whole number.', 'ceil(1.2)'],
  floor: ['The number rounded down to a whole number.', 'floor(1.8)'],
  round: [
    'The number rounded to `digits` decimal places (default 0); halves are rounded away from zero.',
    'round(1.005, 2)',
  ],
  format_number: [
    'The number as text with `digits` decimal places (default: as many as it has), a separator between thousands (default `,`) and a decimal point (default `.`).',
    'format_number(1234567.891, 2)',
  ],
  number: ['The number that a text represents.', 'number("12.5")'],
  string: [
    'The value as text: a text unchanged, null as an empty text, anything else as JSON.',
    'string([1, "a"])',
  ],
};

const dates: Guide<typeof DATE_FUNCTIONS> = {
  now: [
    'The current time by the clock of the run, which gives the same time again when the run is replayed from its history.',
    'now()',
  ],
  date: [
    'A date, or a number of seconds since 1970, as ISO-8601 in UTC. A text without a time zone is a time in `zone`, such as `Europe/Berlin` (default UTC).',
    'date("2026-01-31T12:00", "Europe/Berlin")',
  ],
  date_add: [
    'The date plus `amount` units: milliseconds, seconds (default), minutes, hours, days, weeks, months, quarters or years. Days and longer units follow the calendar of `zone` (default UTC). Only whole months, quarters and years can be added.',
    'date_add("2026-01-31", 1, "months")',
  ],
  date_diff: [
    'The number of units from `earlier` to `later`. Months, quarters and years are whole numbers; the other units can have fractions.',
    'date_diff("2026-03-31", "2026-01-31", "months")',
  ],
  format_date: [
    'The date formatted by a pattern of `YYYY YY`, `Q` (quarter), `MMMM MMM MM M`, `DD D Do`, `DDDD DDD` (day of the year), `dddd ddd`, `E` (Monday is 1), `GGGG WW W` (ISO week and its year), `HH H`, `hh h` with `A a`, `mm m`, `ss s`, `SSS` and `Z`, in a time zone (default UTC). Put text that is to stay as it is into brackets; other letters are an error.',
    'format_date("2026-03-05T21:05Z", "[Due] D MMMM, hh:mm A", "Europe/Berlin")',
  ],
};

const codes: Guide<typeof CODE_FUNCTIONS> = {
  json: ['The value as compact JSON.', 'json({a: [1, null]})'],
  parse_json: ['The value that a JSON text represents.', `parse_json('{"a": 1}')`],
  sha256: ['The hash of the text in UTF-8, as hexadecimal digits.', 'sha256("abc")'],
  base64: ['The text in UTF-8, encoded as Base64.', 'base64("abc")'],
  base64_decode: ['The text that a Base64 text encodes.', 'base64_decode("YWJj")'],
  url_encode: ['The text percent-encoded for use in a URL.', 'url_encode("a b&c")'],
  uuid: [
    'A UUID derived from the run and the step. A retry of the step gets the same one; each call in the step gets a different one.',
    'len(uuid())',
  ],
};

/** Every function of the expression language, explained; a function without a line here does not compile. */
export const FUNCTION_GUIDE = {
  Text: text,
  Lists: lists,
  'Maps, any value': maps,
  Numbers: numbers,
  Dates: dates,
  Codes: codes,
} as const;
