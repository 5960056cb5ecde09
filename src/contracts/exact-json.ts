import { MissionError } from './errors.js';
import type { Json } from './json/json.js';
import { type NumberProblem, numberProblem } from './json/number-problem.js';

/** A number that a text of JSON holds and a double does not, and the path to it, such as `inputs.ids[0]`. */
export interface JsonNumberProblem extends NumberProblem {
  path: string;
}

/** Of texts that are JSON. A string may hold braces and digits, so strings are tokens too. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|-?\d[\d.eE+-]*/g;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON, and refuses numbers that a double does not hold.
 * @throws SyntaxError for a text that is not JSON
 * @throws MissionError `input_invalid` that names the number, its path and what to do
 */
export function parseJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  const problem = jsonNumberProblem(text, value);
  if (problem) throw new MissionError('input_invalid', sentence(problem));
  return value;
}

/** Parses JSON; a number that a double does not hold becomes the text of its digits. @throws SyntaxError */
export function parseJsonKeepingDigits(text: string): Json {
  const value = JSON.parse(text) as Json;
  return jsonNumberProblem(text, value) ? (JSON.parse(keepDigits(text)) as Json) : value;
}

/**
 * The first number in a text of JSON that a double does not hold. Costs less than a tenth of parsing it, unless a number beyond
 * 2^53 is there.
 * @param source a string, or bytes in UTF-8 that are decoded when they are needed
 * @param value the same text, parsed
 */
export function jsonNumberProblem(
  source: { toString(): string },
  value: unknown,
): JsonNumberProblem | undefined {
  if (!holdsLargeNumber(value)) return undefined;
  const text = source.toString();
  for (const { 0: token, index } of text.matchAll(STRING_OR_NUMBER)) {
    const problem = token[0] === '"' ? undefined : numberProblem(token);
    if (problem) return { ...problem, path: pathBefore(text.slice(0, index)) };
  }
  return undefined;
}

/** A text of JSON in which numbers that a double does not hold stand as text. */
export const keepDigits = (text: string): string =>
  text.replace(STRING_OR_NUMBER, (token) =>
    token[0] !== '"' && numberProblem(token) ? `"${token}"` : token,
  );

/** A problem in one sentence. */
export const sentence = ({ message, hint, path }: JsonNumberProblem): string =>
  `${path === '' ? '' : `${path}: `}${message}; ${hint}`;

/**
 * Does not recurse: what was parsed can be nested by the hundred thousand. Every body passes here, hence the plain
 * loops, which take a fifth of the time of others.
 */
function holdsLargeNumber(root: unknown): boolean {
  const open: object[] = [[root]];
  const isLarge = (value: unknown): boolean => {
    if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER;
    if (typeof value === 'object' && value !== null) open.push(value);
    return false;
  };
  for (let value = open.pop(); value; value = open.pop()) {
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at += 1) if (isLarge(value[at])) return true;
    } else for (const key in value) if (isLarge(value[key as never])) return true;
  }
  return false;
}

const MAX_PATH = 200;
const NAME = /^[A-Za-z_]\w*$/;

/** Where in a text of JSON a value stands, told by what is before it. */
function pathBefore(text: string): string {
  const path: (string | number)[] = [];
  let string = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const last = path.length - 1;
    if (token === '{') path.push('');
    else if (token === '[') path.push(0);
    else if (token === '}' || token === ']') path.pop();
    else if (token === ':') path[last] = JSON.parse(string) as string;
    else if (token === ',' && typeof path[last] === 'number') path[last] += 1;
    else if (token[0] === '"') string = token;
  }
  const shown = path.map(step).join('').replace(/^\./, '');
  return shown.length > MAX_PATH ? `…${shown.slice(-MAX_PATH)}` : shown;
}

function step(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return NAME.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
