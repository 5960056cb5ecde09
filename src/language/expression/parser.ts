import { didYouMean } from '../text/nearest.js';
import type { BinaryOperator, Expression } from './runtime/ast.js';
import { FUNCTIONS } from './functions/functions.js';
import { tokenize, type Token } from './lexer.js';
import { ExpressionSyntaxError } from './syntax-error.js';

/** Binding power of binary operators; prefix operators and paths bind more tightly. */
const BINDING: Record<string, number> = {
  '?': 1,
  or: 2,
  and: 3,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  in: 5,
  'not in': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '.': 9,
  '[': 9,
};
const NOT_BINDING = 4;
const UNARY_BINDING = 8;
const COMPARISON = BINDING['==']!;
const SYNONYMS: Record<string, string> = { '&&': 'and', '||': 'or' };
const CONSTANTS: Record<string, null | boolean> = { true: true, false: false, null: null };
const KEYWORDS = new Set(['and', 'or', 'not', 'in']);
const MAX_DEPTH = 200;
const MAX_LENGTH = 16 * 1024;

/** Parses one expression (Pratt). @throws ExpressionSyntaxError with the offset of the mistake */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_LENGTH) {
    throw new ExpressionSyntaxError(`an expression has at most ${MAX_LENGTH} characters`, 0);
  }
  return new Parser(tokenize(text)).whole();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: Token[]) {}

  whole(): Expression {
    if (this.ended()) this.fail('the expression is empty', 'write a value or a name');
    const expression = this.expression(0);
    if (!this.ended()) this.fail(`${this.shown()} is not expected here`, this.afterHint());
    return expression;
  }

  private ended(): boolean {
    return this.token.type === 'end';
  }

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private is(text: string): boolean {
    const { type, value } = this.token;
    return (type === 'operator' || type === 'name') && value === text;
  }

  private take(text: string): boolean {
    const found = this.is(text);
    if (found) this.at++;
    return found;
  }

  private expect(text: string): void {
    if (!this.take(text)) this.fail(`found ${this.shown()} where "${text}" is expected`);
  }

  private fail(message: string, hint?: string, offset = this.token.offset): never {
    throw new ExpressionSyntaxError(message, offset, hint);
  }

  private shown(): string {
    return this.token.type === 'end' ? 'the end' : JSON.stringify(this.token.value);
  }

  private afterHint(): string | undefined {
    const words = [this.tokens[this.at - 1]!, this.token].map(
      ({ type, value }) => type === 'name' && value,
    );
    if (words.includes('if')) return 'write test ? value : other value';
    return this.token.type === 'name' || this.token.type === 'string'
      ? 'two values need an operator between them'
      : undefined;
  }

  private expression(binding: number): Expression {
    const entered = this.depth;
    this.deeper();
    let left = this.prefix();
    for (
      let operator = this.infix();
      operator && BINDING[operator]! > binding;
      operator = this.infix()
    ) {
      this.deeper();
      left = this.continued(left, operator);
    }
    this.depth = entered;
    return left;
  }

  /** Counts a level of depth. Chains count too, because a left-deep tree is evaluated recursively. */
  private deeper(): void {
    if (++this.depth > MAX_DEPTH) {
      this.fail(`the expression is too deep or too long (more than ${MAX_DEPTH} levels)`);
    }
  }

  private infix(): string | undefined {
    const { type, value } = this.token;
    if (type !== 'operator' && type !== 'name') return undefined;
    const next = this.tokens[this.at + 1];
    if (value === 'not' && next?.type === 'name' && next.value === 'in') return 'not in';
    const operator = SYNONYMS[value] ?? String(value);
    return Object.hasOwn(BINDING, operator) ? operator : undefined;
  }

  private continued(left: Expression, operator: string): Expression {
    const { offset } = this.token;
    this.at += operator === 'not in' ? 2 : 1;
    if (operator === '.') return this.member(left, offset);
    if (operator === '[') return this.index(left, offset);
    if (operator === '?') return this.choice(left, offset);
    const right = this.expression(BINDING[operator]!);
    if (operator === 'and' || operator === 'or') {
      return { type: 'logical', operator, left, right, offset };
    }
    this.refuseChain(operator);
    return { type: 'binary', operator: operator as BinaryOperator, left, right, offset };
  }

  private refuseChain(operator: string): void {
    const next = this.infix();
    if (BINDING[operator] === COMPARISON && next && BINDING[next] === COMPARISON) {
      this.fail('comparisons cannot be chained', 'join two of them with "and"');
    }
  }

  private member(object: Expression, offset: number): Expression {
    const { type, value } = this.token;
    if (type !== 'name') this.fail(`${this.shown()} is not a name after "."`, 'write a.b or a[0]');
    this.at++;
    if (this.is('(')) this.fail('values have no methods', `write ${value}(…) around the value`);
    return { type: 'index', object, key: { type: 'literal', value, offset: offset + 1 }, offset };
  }

  private index(object: Expression, offset: number): Expression {
    const key = this.expression(0);
    this.expect(']');
    return { type: 'index', object, key, offset };
  }

  private choice(test: Expression, offset: number): Expression {
    const then = this.expression(0);
    this.expect(':');
    return { type: 'choice', test, then, else: this.expression(0), offset };
  }

  private prefix(): Expression {
    const { type, value, offset } = this.token;
    if (type === 'end') this.fail('the expression is incomplete');
    this.at++;
    if (type === 'number' || type === 'string') return { type: 'literal', value, offset };
    if (type === 'name') return this.named(String(value), offset);
    switch (value) {
      case '-':
        return this.unary('-', UNARY_BINDING, offset);
      case '!':
        return this.unary('not', UNARY_BINDING, offset);
      case '(':
        return this.group();
      case '[':
        return { type: 'list', items: this.items(']'), offset };
      case '{':
        return this.map(offset);
    }
    const before = this.tokens[this.at - 2]?.value;
    const hint =
      value === '?' && before === '?'
        ? 'write default(value, other)'
        : 'a value is missing before it';
    return this.fail(`${JSON.stringify(value)} is not expected here`, hint, offset);
  }

  private unary(operator: '-' | 'not', binding: number, offset: number): Expression {
    return { type: 'unary', operator, operand: this.expression(binding), offset };
  }

  private group(): Expression {
    const inner = this.expression(0);
    this.expect(')');
    return inner;
  }

  private named(name: string, offset: number): Expression {
    if (name === 'not') return this.unary('not', NOT_BINDING, offset);
    if (KEYWORDS.has(name)) this.fail(`"${name}" needs a value before it`, undefined, offset);
    if (Object.hasOwn(CONSTANTS, name)) return { type: 'literal', value: CONSTANTS[name]!, offset };
    return this.take('(') ? this.call(name, offset) : { type: 'name', name, offset };
  }

  private call(name: string, offset: number): Expression {
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!known) {
      const hint = didYouMean(name, Object.keys(FUNCTIONS));
      throw new ExpressionSyntaxError(
        `there is no function "${name}"`,
        offset,
        hint,
        'unknown_function',
      );
    }
    const given = this.items(')');
    if (given.length < known.least || given.length > known.most) {
      this.fail(`${name} takes ${counts(known)}, not ${given.length}`, known.usage, offset);
    }
    return { type: 'call', name, arguments: given, offset };
  }

  private items(close: string): Expression[] {
    const items: Expression[] = [];
    if (this.take(close)) return items;
    do items.push(this.expression(0));
    while (this.take(','));
    this.expect(close);
    return items;
  }

  private map(offset: number): Expression {
    const entries = new Map<string, Expression>();
    if (this.take('}')) return { type: 'map', entries: [], offset };
    do this.entry(entries);
    while (this.take(','));
    this.expect('}');
    return { type: 'map', entries: [...entries], offset };
  }

  private entry(entries: Map<string, Expression>): void {
    const { type, value } = this.token;
    if (type !== 'name' && type !== 'string') this.fail(`${this.shown()} is not a key`);
    if (entries.has(String(value))) this.fail(`the key "${value}" occurs twice`);
    this.at++;
    this.expect(':');
    entries.set(String(value), this.expression(0));
  }
}

function counts({ least, most }: { least: number; most: number }): string {
  if (most === Infinity) return `at least ${least} argument${least === 1 ? '' : 's'}`;
  if (least < most) return `${least} to ${most} arguments`;
  return `${least} argument${least === 1 ? '' : 's'}`;
}
