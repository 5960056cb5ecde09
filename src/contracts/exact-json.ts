import { MissionError } from './errors.js';
import type { Json } from './json/json.js';
import { type NumberProblem, numberProblem } from './json/number-problem.js';

/** A number in JSON text that an IEEE double cannot represent exactly, and the path to it, such as `inputs.ids[0]`. */
export interface JsonNumberProblem extends NumberProblem {
  path: string;
}

/** Tokens of valid JSON text. Strings are matched as tokens, because they may contain braces and digits. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|-?\d[\d.eE+-]*/g;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON and rejects numbers that a double cannot represent exactly.
 * @throws SyntaxError for a text that is not JSON
 * @throws MissionError `input_invalid` that names the number, its path and what to do
 */
export function parseJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  const problem = jsonNumberProblem(text, value);
  if (problem) throw new MissionError('input_invalid', sentence(problem));
  return value;
}

/** Parses JSON. A number that a double cannot represent exactly becomes a string of its digits. @throws SyntaxError */
export function parseJsonKeepingDigits(text: string): Json {
  const value = JSON.parse(text) as Json;
  return jsonNumberProblem(text, value) ? (JSON.parse(keepDigits(text)) as Json) : value;
}

/**
 * Finds the first number in JSON text that a double cannot represent exactly. Costs less than a tenth of parsing, unless
 * the text contains a number beyond 2^53.
 * @param source a string, or UTF-8 bytes, which are decoded only when needed
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

/** Rewrites JSON text: numbers that a double cannot represent exactly become strings of their digits. */
export const keepDigits = (text: string): string =>
  text.replace(STRING_OR_NUMBER, (token) =>
    token[0] !== '"' && numberProblem(token) ? `"${token}"` : token,
  );

/** Formats a number problem as one sentence: path, problem and remedy. */
export const sentence = ({ message, hint, path }: JsonNumberProblem): string =>
  `${path === '' ? '' : `${path}: `}${message}; ${hint}`;

/**
 * Iterates instead of recursing: parsed JSON can be nested a hundred thousand levels deep. Every request body passes
 * here, hence the plain loops, which take a fifth of the time of array methods.
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

/** Path of the value that begins where `text`, a prefix of JSON text, ends. */
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
