import type { Expression } from './runtime/ast.js';
import { cached } from './runtime/cache.js';
import { parseExpression } from './parser.js';
import { ExpressionSyntaxError } from './syntax-error.js';

/** A piece of a template: plain text, or an expression between braces. */
export type Piece = { text: string } | { expression: string; tree: Expression; offset: number };

/** A syntax error in one expression of a template. The offset counts UTF-16 units of the whole text. */
export interface TemplateError {
  message: string;
  hint?: string;
  code: ExpressionSyntaxError['code'];
  offset: number;
}

export interface ParsedTemplate {
  pieces: Piece[];
  /** The expression of a text that contains nothing else but blanks; its value keeps its type. */
  whole?: string;
  errors: TemplateError[];
}

/** Splits a text into plain pieces and parsed expressions. Syntax errors are returned, not thrown. */
export const parseTemplate = cached((text: string): ParsedTemplate => {
  const pieces: Piece[] = [];
  const errors: TemplateError[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    pieces.push({ text: text.slice(at, open) });
    at = expressionPiece(text, open, pieces, errors);
  }
  pieces.push({ text: text.slice(at) });
  const whole = wholeExpression(pieces);
  return { pieces: pieces.filter(notEmpty), errors, ...(whole !== undefined && { whole }) };
});

const notEmpty = (piece: Piece): boolean => !('text' in piece) || piece.text !== '';

function wholeExpression(pieces: Piece[]): string | undefined {
  const [expression, ...others] = pieces.filter(
    (piece) => 'expression' in piece || piece.text.trim(),
  );
  return expression && 'expression' in expression && others.length === 0
    ? expression.expression
    : undefined;
}

/** Adds the expression that begins at `open` and returns the offset behind it. */
function expressionPiece(
  text: string,
  open: number,
  pieces: Piece[],
  errors: TemplateError[],
): number {
  const close = findClose(text, open + 2);
  if (close < 0) {
    errors.push({
      message: '"{{" has no closing "}}"',
      hint: 'close the expression with }}',
      code: 'expression_syntax',
      offset: open,
    });
    return text.length;
  }
  const expression = text.slice(open + 2, close);
  try {
    pieces.push({ expression, tree: parseExpression(expression), offset: open + 2 });
  } catch (error) {
    errors.push(asTemplateError(error, open + 2));
  }
  return close + 2;
}

function asTemplateError(error: unknown, base: number): TemplateError {
  if (!(error instanceof ExpressionSyntaxError)) throw error;
  const { message, hint, code, offset } = error;
  return { message, ...(hint === undefined ? {} : { hint }), code, offset: base + offset };
}

/** Offset of the `}}` that ends an expression, skipping strings and map literals; -1 when there is none. */
export function findClose(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"' || character === "'") at = skipString(text, at);
    else if (character === '{') depth++;
    else if (character === '}' && depth > 0) depth--;
    else if (character === '}' && text[at + 1] === '}') return at;
  }
  return -1;
}

/** Offset of the closing quote, or the end of the text. */
function skipString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[start]) return at;
  }
  return text.length;
}
