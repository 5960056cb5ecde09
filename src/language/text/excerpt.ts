import type { Json } from '../../contracts/json/json.js';

const LENGTH = 8 * 1024;

/** A value as text for people: strings as they are, null as nothing, the rest as JSON; cut where it is long. */
export function excerpt(value: Json): string {
  const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  return text.length <= LENGTH ? text : `${text.slice(0, LENGTH).toWellFormed()}…`;
}
