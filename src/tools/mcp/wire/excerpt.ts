import { type Json, textOf } from '../../../contracts/json/json.js';

const MAX = 200;

/** The beginning of a server's output, on one line, for people. */
export function excerpt(value: Json): string {
  const line = textOf(value)
    .slice(0, MAX * 2)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX ? `${line.slice(0, MAX)}…` : line;
}
