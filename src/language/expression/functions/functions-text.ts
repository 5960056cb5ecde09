import { Fault } from '../runtime/fault.js';
import { asInteger, asList, asText, define } from './function.js';
import type { Machine } from '../runtime/machine.js';
import { contains, paySearch } from '../runtime/operators.js';
import { text } from '../runtime/values.js';

const UPPER = 'upper(text)';
const LOWER = 'lower(text)';
const TRIM = 'trim(text)';
const SPLIT = 'split(text, separator)';
const JOIN = 'join(list, separator?)';
const REPLACE = 'replace(text, old, new)';
const STARTS = 'starts_with(text, start)';
const ENDS = 'ends_with(text, end)';
const SLICE = 'slice(value, start, end?)';
const TRUNCATE = 'truncate(text, length, ending?)';
const SLUG = 'slug(text)';

/** Functions over text. Lengths and positions count characters (code points). */
export const TEXT_FUNCTIONS = {
  upper: define(UPPER, (machine, [value]) => paid(machine, asText(value, UPPER).toUpperCase())),
  lower: define(LOWER, (machine, [value]) => paid(machine, asText(value, LOWER).toLowerCase())),
  trim: define(TRIM, (machine, [value]) => paid(machine, asText(value, TRIM).trim())),
  split: define(SPLIT, (machine, [value, separator]) =>
    split(machine, asText(value, SPLIT), asText(separator, SPLIT)),
  ),
  join: define(JOIN, (machine, [list, separator = '']) =>
    join(
      machine,
      asList(list, JOIN).map((item) => text(machine, item)),
      asText(separator, JOIN),
    ),
  ),
  replace: define(REPLACE, (machine, [value, old, fresh]) => {
    const pieces = split(machine, asText(value, REPLACE), nonEmpty(asText(old, REPLACE)));
    return join(machine, pieces, asText(fresh, REPLACE));
  }),
  contains: define('contains(whole, part)', (machine, [whole, part]) =>
    contains(machine, whole!, part!),
  ),
  starts_with: define(STARTS, (_, [value, start]) =>
    asText(value, STARTS).startsWith(asText(start, STARTS)),
  ),
  ends_with: define(ENDS, (_, [value, end]) => asText(value, ENDS).endsWith(asText(end, ENDS))),
  slice: define(SLICE, (machine, [value, start, end]) => {
    const bounds = [
      asInteger(start, SLICE),
      end == null ? undefined : asInteger(end, SLICE),
    ] as const;
    if (typeof value !== 'string') return paidList(machine, asList(value, SLICE).slice(...bounds));
    return characters(machine, value)
      .slice(...bounds)
      .join('');
  }),
  truncate: define(TRUNCATE, (machine, [value, length, ending = '…']) =>
    truncate(
      machine,
      asText(value, TRUNCATE),
      asInteger(length, TRUNCATE),
      asText(ending, TRUNCATE),
    ),
  ),
  slug: define(SLUG, (machine, [value]) => slug(paid(machine, asText(value, SLUG)))),
};

function paid(machine: Machine, value: string): string {
  machine.charge(value.length);
  return value;
}

function paidList<T>(machine: Machine, list: T[]): T[] {
  machine.step(list.length);
  return list;
}

function characters(machine: Machine, value: string): string[] {
  machine.charge(value.length);
  machine.step(value.length);
  return [...value];
}

function split(machine: Machine, value: string, separator: string): string[] {
  if (separator === '') return characters(machine, value);
  paySearch(machine, value, separator);
  return paidList(machine, value.split(separator));
}

function join(machine: Machine, pieces: string[], separator: string): string {
  machine.step(pieces.length);
  machine.charge(pieces.reduce((sum, piece) => sum + piece.length + separator.length, 0));
  return pieces.join(separator);
}

function nonEmpty(old: string): string {
  if (old === '') throw new Fault(`${REPLACE}: the text to replace is empty`);
  return old;
}

function truncate(machine: Machine, value: string, length: number, ending: string): string {
  const all = characters(machine, value);
  if (all.length <= length) return value;
  const kept = Math.max(0, length - [...ending].length);
  return all.slice(0, kept).join('') + [...ending].slice(0, Math.max(0, length)).join('');
}

/** Slug of a text: lower case, without accents, words joined by `-`. */
function slug(value: string): string {
  const plain = value
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return plain
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('-');
}
