import type { Json } from '../../contracts/json/json.js';

const LENGTH = 8 * 1024;

/** Text of a value for people: strings unchanged, null as an empty text, other values as JSON; truncated when long. */
export function excerpt(value: Json): string {
  const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  return text.length <= LENGTH ? text : `${text.slice(0, LENGTH).toWellFormed()}…`;
}
