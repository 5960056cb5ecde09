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
  upper: ['In capitals.', 'upper("abc")'],
  lower: ['In small letters.', 'lower("ABC")'],
  trim: ['Without blanks around it.', 'trim("  abc ")'],
  split: ['The pieces between separators; by an empty one, the characters.', 'split("a,b", ",")'],
  join: ['The items as one text.', 'join([1, 2, 3], "-")'],
  replace: ['Every occurrence of a text replaced; no patterns.', 'replace("a.b.c", ".", "/")'],
  contains: ['Whether a text has a part, a list a member, a map a key.', 'contains("abc", "b")'],
  starts_with: ['Whether it begins so.', 'starts_with("abc", "ab")'],
  ends_with: ['Whether it ends so.', 'ends_with("abc", "bc")'],
  slice: [
    'Characters or items from a position (from 0) up to, without, another; negative ones count from the end.',
    'slice("hello", 1, 3)',
  ],
  truncate: ['At most so many characters, the ending (`…`) among them.', 'truncate("hello", 4)'],
  slug: ['Small letters, digits and `-` only.', 'slug("Ça va, Zoë?")'],
};

const lists: Guide<typeof LIST_FUNCTIONS> = {
  len: ['Characters, items or keys; of null 0.', 'len([1, 2, 3])'],
  first: ['The first item, or null.', 'first([3, 1, 2])'],
  last: ['The last item, or null.', 'last([3, 1, 2])'],
  sort: ['Numbers by size, or texts by code point; null last.', 'sort([3, 1, 2])'],
  sort_by: [
    'Items by what stands under a key, or a path `a.b`; stable.',
    'sort_by([{n: 2}, {n: 1}], "n")',
  ],
  unique: ['Without those that equal an earlier one.', 'unique([1, 2, 1])'],
  pluck: [
    'What stands under a key, or a path, of each item.',
    'pluck([{id: "a"}, {id: "b"}], "id")',
  ],
  where: ['The items under whose key, or path, a value stands.', 'where([{n: 1}, {n: 2}], "n", 2)'],
  range: ['Whole numbers from a start (0) up to, without, an end.', 'range(1, 4)'],
  compact: ['Without those that are null.', 'compact([1, null, 2])'],
  flatten: ['The items of its lists, one level deep.', 'flatten([1, [2, [3]]])'],
  chunk: ['Lists of so many items.', 'chunk([1, 2, 3], 2)'],
  reverse: ['The last item first.', 'reverse([1, 2, 3])'],
  zip: [
    'Lists of the first items, the second ones …; as long as the shortest.',
    'zip([1, 2], ["a", "b"])',
  ],
};

const maps: Guide<typeof MAP_FUNCTIONS> = {
  keys: ['The keys, in their order.', 'keys({b: 1, a: 2})'],
  values: ['The values, in their order.', 'values({b: 1, a: 2})'],
  merge: ['All keys; of the same ones the last.', 'merge({a: 1}, {b: 2})'],
  pick: ['Only these keys, named one by one or as a list.', 'pick({a: 1, b: 2}, "a")'],
  omit: ['All keys but these.', 'omit({a: 1, b: 2}, "a")'],
  get: ['What stands at a path: text `a.0.b`, or a list of keys.', 'get({a: [{b: 7}]}, "a.0.b")'],
  default: ['The value, unless it is null.', 'default(null, 5)'],
  coalesce: ['The first that is not null.', 'coalesce(null, 0, 1)'],
  type: ['null, boolean, number, string, array or object.', 'type([])'],
};

const numbers: Guide<typeof NUMBER_FUNCTIONS> = {
  sum: ['Of numbers; of none 0.', 'sum([1, 2, 3.5])'],
  min: ['The least number, or text; of none null.', 'min(4, 9, 2)'],
  max: ['The largest number, or text; of none null.', 'max([4, 9, 2])'],
  avg: ['The mean; of none null.', 'avg([1, 2])'],
  abs: ['Without its sign.', 'abs(-2)'],
  ceil: ['The next whole number above.', 'ceil(1.2)'],
  floor: ['The next whole number below.', 'floor(1.8)'],
  round: ['To so many digits (0); halves away from zero.', 'round(1.005, 2)'],
  format_number: [
    'Written with separated thousands and so many digits (those it has); the separator (`,`) and the point (`.`) may be others.',
    'format_number(1234567.891, 2)',
  ],
  number: ['A text read as a number.', 'number("12.5")'],
  string: ['As text: JSON of what is none, nothing of null.', 'string([1, "a"])'],
};

const dates: Guide<typeof DATE_FUNCTIONS> = {
  now: [
    'The time of the run’s own clock: the same when the step is repeated from its history.',
    'now()',
  ],
  date: [
    'A date, or seconds since 1970, as ISO-8601 in UTC; with a time zone (`Europe/Berlin`), a text that has none is a time there.',
    'date("2026-01-31T12:00", "Europe/Berlin")',
  ],
  date_add: [
    'So many units later: milliseconds, seconds (default), minutes, hours, days, weeks, months, quarters, years. Days and longer units go by the clocks of the zone (UTC); months and longer ones are whole.',
    'date_add("2026-01-31", 1, "months")',
  ],
  date_diff: [
    'Units from the earlier to the later one; whole months, quarters and years, of the others parts as well.',
    'date_diff("2026-03-31", "2026-01-31", "months")',
  ],
  format_date: [
    'Written as a pattern of `YYYY YY`, `Q` (quarter), `MMMM MMM MM M`, `DD D Do`, `DDDD DDD` (day of the year), `dddd ddd`, `E` (Monday is 1), `GGGG WW W` (ISO week and its year), `HH H`, `hh h` with `A a`, `mm m`, `ss s`, `SSS`, `Z`, in a time zone (UTC). Words stand in brackets; other letters are refused.',
    'format_date("2026-03-05T21:05Z", "[Due] D MMMM, hh:mm A", "Europe/Berlin")',
  ],
};

const codes: Guide<typeof CODE_FUNCTIONS> = {
  json: ['Compact JSON.', 'json({a: [1, null]})'],
  parse_json: ['The value that JSON means.', `parse_json('{"a": 1}')`],
  sha256: ['The hash of its UTF-8, as hexadecimal digits.', 'sha256("abc")'],
  base64: ['Its UTF-8 as Base64.', 'base64("abc")'],
  base64_decode: ['The text that Base64 means.', 'base64_decode("YWJj")'],
  url_encode: ['With everything escaped that has a meaning in an address.', 'url_encode("a b&c")'],
  uuid: [
    'Derived from run and step: a repeated attempt gets the same one, each call another.',
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
