import { numberProblem } from '../../contracts/json/number-problem.js';
import { ExpressionSyntaxError } from './syntax-error.js';

/** One token. `value` is decoded for strings and numbers, else the text. Offsets are UTF-16 units. */
export interface Token {
  type: 'number' | 'string' | 'name' | 'operator' | 'end';
  value: string | number;
  offset: number;
  end: number;
}

const OPERATORS = ['==', '!=', '<=', '>=', '&&', '||', ...'<>+-*/%!?:.,()[]{}'];
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANK = /\s*/y;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' };
const PLAIN_ESCAPES = '\\\'"/{}';

/** Splits an expression into tokens. @throws ExpressionSyntaxError */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  do {
    offset += match(BLANK, text, offset).length;
    tokens.push(next(text, offset));
    offset = tokens.at(-1)!.end;
  } while (tokens.at(-1)!.type !== 'end');
  return tokens;
}

function next(text: string, offset: number): Token {
  const character = text[offset];
  if (character === undefined) return { type: 'end', value: '', offset, end: offset };
  if (character === '"' || character === "'") return readString(text, offset);
  const name = match(NAME, text, offset);
  if (name) return { type: 'name', value: name, offset, end: offset + name.length };
  const number = match(NUMBER, text, offset);
  if (number) return readNumber(number, text, offset);
  return readOperator(text, offset);
}

function match(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}

function readNumber(number: string, text: string, offset: number): Token {
  const end = offset + number.length;
  const value = Number(number);
  if (match(NAME, text, end)) {
    throw new ExpressionSyntaxError(`${number}${match(NAME, text, end)} is not a number`, offset);
  }
  const problem = numberProblem(number);
  if (problem) throw new ExpressionSyntaxError(problem.message, offset, problem.hint);
  return { type: 'number', value, offset, end };
}

function readOperator(text: string, offset: number): Token {
  if (text.startsWith('=>', offset)) {
    const hint = 'write pluck(list, "key") or where(list, "key", value)';
    throw new ExpressionSyntaxError('expressions cannot define functions', offset, hint);
  }
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, offset));
  if (operator) return { type: 'operator', value: operator, offset, end: offset + operator.length };
  const character = String.fromCodePoint(text.codePointAt(offset)!);
  throw new ExpressionSyntaxError(
    `"${character}" is not part of an expression`,
    offset,
    HINTS[character],
  );
}

const HINTS: Record<string, string> = {
  '=': 'compare with ==',
  '&': 'write "and"',
  $: 'names have no "$": write inputs.x, result.x or steps.NAME.x',
  '|': 'there are no pipes: write upper(name) instead of name | upper',
  '“': 'use straight quotes',
  '”': 'use straight quotes',
};

function readString(text: string, offset: number): Token {
  const quote = text[offset]!;
  let value = '';
  for (let at = offset + 1; at < text.length;) {
    if (text[at] === quote) return { type: 'string', value, offset, end: at + 1 };
    const [piece, length] = text[at] === '\\' ? readEscape(text, at) : [text[at]!, 1];
    value += piece;
    at += length;
  }
  throw new ExpressionSyntaxError('this string is not closed', offset, `close it with ${quote}`);
}

/** Returns the decoded character and the length of its escape sequence. */
function readEscape(text: string, at: number): [string, number] {
  const letter = text[at + 1] ?? '';
  const hex = /^u[0-9a-fA-F]{4}/.exec(text.slice(at + 1, at + 6))?.[0];
  if (hex) return [String.fromCharCode(parseInt(hex.slice(1), 16)), 6];
  if (Object.hasOwn(ESCAPES, letter)) return [ESCAPES[letter]!, 2];
  if (letter && PLAIN_ESCAPES.includes(letter)) return [letter, 2];
  throw new ExpressionSyntaxError(
    `"\\${letter}" is not an escape`,
    at,
    'write \\\\ for a backslash',
  );
}
