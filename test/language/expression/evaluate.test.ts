import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { MissionError } from '../../../src/contracts/errors.js';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import { FUNCTION_GUIDE } from '../../../src/language/definition/function-guide.js';
import { evaluate } from '../../../src/language/expression/evaluate.js';
import { FUNCTIONS } from '../../../src/language/expression/functions/functions.js';
import { NeedsValue } from '../../../src/language/expression/runtime/needs-value.js';
import { parseExpression } from '../../../src/language/expression/parser.js';
import { render, renderCondition } from '../../../src/language/expression/template.js';
import { ExpressionSyntaxError } from '../../../src/language/expression/syntax-error.js';
import { scopeOf } from '../scope.js';

interface Conformance {
  scope: JsonObject;
  cases: [string, Json][];
  errors: [string, string][];
  syntax: [string, number, string][];
  templates: [Json, Json][];
  template_errors: [Json, string][];
  conditions: [Json, boolean][];
  condition_errors: [Json, string][];
}

const file = new URL('expressions.conformance.yaml', import.meta.url);
const {
  scope: names,
  cases,
  errors,
  syntax,
  ...rendering
} = parse(readFileSync(file, 'utf8')) as Conformance;
const scope = scopeOf(names);

function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('conformance', () => {
  it.each(cases)('%s', (expression, result) => {
    expect(evaluate(expression, scope)).toStrictEqual(result);
  });

  it.each(errors)('%s fails', (expression, message) => {
    const error = failure(() => evaluate(expression, scope)) as MissionError;
    expect(error).toBeInstanceOf(MissionError);
    expect(error.code).toBe('expression_error');
    expect(error.message).toContain(message);
    expect(error.message).toContain(expression);
  });

  it.each(syntax)('%s is refused at %i', (expression, offset, message) => {
    const error = failure(() => parseExpression(expression)) as ExpressionSyntaxError;
    expect(error).toBeInstanceOf(ExpressionSyntaxError);
    expect(error.message).toContain(message);
    expect(error.offset).toBe(offset);
    expect(failure(() => evaluate(expression, scope))).toMatchObject({ code: 'expression_error' });
  });
});

describe('conformance of rendering', () => {
  it.each(rendering.templates)('%j', (template, result) => {
    expect(render(template, scope)).toStrictEqual(result);
  });

  it.each(rendering.conditions)('%j holds: %s', (template, holds) => {
    expect(renderCondition(template, scope)).toBe(holds);
  });

  const failing = (work: () => unknown, message: string) => {
    const error = failure(work) as MissionError;
    expect(error).toMatchObject({ code: 'expression_error' });
    expect(error.message).toContain(message);
  };

  it.each(rendering.template_errors)('%j fails', (template, message) => {
    failing(() => render(template, scope), message);
  });

  it.each(rendering.condition_errors)('%j is no condition', (template, message) => {
    failing(() => renderCondition(template, scope), message);
  });
});

describe('conformance is complete', () => {
  const texts = (all: [string, ...unknown[]][]) => all.map(([text]) => text).join('\n');
  /** They take anything. */
  const TOTAL = ['default', 'coalesce', 'type', 'string', 'json', 'now', 'uuid'];

  it('every function has a result, and one that can fail an error', () => {
    const calls = (name: string, all: string) => new RegExp(`\\b${name}\\(`).test(all);
    const functions = Object.keys(FUNCTIONS);
    expect(functions.filter((name) => !calls(name, texts(cases)))).toEqual([]);
    const failing = functions.filter((name) => !calls(name, texts(errors)));
    expect(failing.filter((name) => !TOTAL.includes(name))).toEqual([]);
  });

  it.each([
    ...['==', '!=', '<', '<=', '>', '+', '-', '*', '/', '%', '&&', '||', '!', '?', '[', '{'],
    ...[' in ', ' not in ', ' and ', ' or ', 'not '],
  ])('%s has a result', (operator) => expect(texts(cases)).toContain(operator));

  it('every example of the guide has a result', () => {
    const guide = Object.values(FUNCTION_GUIDE).flatMap((each) => Object.values(each));
    for (const [, example] of guide as (readonly [string, string])[]) {
      expect(() => evaluate(example, scopeOf({}))).not.toThrow();
    }
  });
});

describe('values by reference', () => {
  const hash = 'ab'.repeat(32);
  const ref = { $blob: hash, bytes: 200_000 };
  const value = { items: [1, 2], text: 'x' };
  const held = scopeOf(
    { result: ref, list: [ref], almost: { ...ref, more: 1 } },
    { [hash]: value },
  );
  const absent = scopeOf({ result: ref, list: [ref] });

  it.each(['result', '[result]', '{a: result}', 'true ? result : 1', 'first(list)'])(
    '%s passes it on',
    (expression) => {
      expect(JSON.stringify(evaluate(expression, absent))).toContain(hash);
    },
  );

  const looking: [string, Json][] = [
    ['result.text', 'x'],
    ['result.items[1]', 2],
    ['list[0].text', 'x'],
    ['"text" in result', true],
    ['result == {items: [1, 2], text: "x"}', true],
    ['list == [result]', true],
    ['len(result)', 2],
    ['pluck(list, "text")', ['x']],
    ['where(list, "text", "x") == list', true],
    ['sum(result.items)', 3],
    ['json(list)', '[{"items":[1,2],"text":"x"}]'],
    ['almost.more', 1],
  ];
  it.each(looking)('%s looks inside', (expression, result) => {
    expect(evaluate(expression, held)).toEqual(result);
    if (expression.startsWith('almost')) return;
    expect(failure(() => evaluate(expression, absent))).toMatchObject({ name: 'NeedsValue', hash });
  });

  it('does not fetch a value to describe an error', () => {
    const error = failure(() => evaluate('1 / 0 + len([result])', absent)) as MissionError;
    expect(error.message).toContain('result = a map of $blob, bytes');
    expect(failure(() => evaluate('result + 1', absent))).toBeInstanceOf(NeedsValue);
  });
});

describe('bounds', () => {
  const big = 'x'.repeat(1024 * 1024);
  const wide = scopeOf({ big, list: Array.from({ length: 20_000 }, (_, index) => index) });
  it.each([
    [`[${Array(20).fill('big').join(',')}]`, 'larger than'],
    [Array(20).fill('big').join(' + '), 'larger than'],
    [`replace(big, "x", "yyyyyyyyyyyyyyyyyyyy")`, 'steps'],
    [`join(list, big)`, 'larger than'],
    [`replace(big, "${'x'.repeat(4000)}b", "")`, 'steps'],
    [`unique(list) == list`, undefined],
    [`len(split(big, ""))`, 'steps'],
    [`parse_json("${'['.repeat(7000)}${']'.repeat(7000)}")`, 'nested'],
  ])('ends in time (%#)', (expression, message) => {
    const started = Date.now();
    const error = failure(() => evaluate(expression, wide));
    expect(Date.now() - started).toBeLessThan(3000);
    if (message) expect((error as Error).message).toContain(message);
    else expect(error).toBe(true);
  });

  /** Large in every way that a value can be. */
  const HOSTILE: Json[] = [
    'x'.repeat(1024 * 1024),
    'ab '.repeat(100_000),
    '😀'.repeat(100_000),
    Array.from({ length: 50_000 }, (_, index) => 50_000 - index),
    Array.from({ length: 20_000 }, () => 'long '.repeat(20)),
    Array.from({ length: 300 }, () => Array.from({ length: 300 }, (_, index) => ({ a: index }))),
    Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, index])),
    JSON.parse('['.repeat(400) + ']'.repeat(400)) as Json,
    1e308,
    -1e15,
    2 ** 53 - 1,
  ];

  it.each(Object.entries(FUNCTIONS))('%s ends in time, whatever it is given', (name, rule) => {
    const most = Math.min(rule.most, rule.least + 1);
    for (let count = rule.least; count <= most; count++) {
      for (const shift of HOSTILE.keys()) {
        const given = [0, 1, 2].map((at) => HOSTILE[(shift + at * 3) % HOSTILE.length]!);
        const call = `${name}(${['a', 'b', 'c'].slice(0, count).join(', ')})`;
        const started = performance.now();
        const result = failure(() =>
          evaluate(call, scopeOf({ a: given[0]!, b: given[1]!, c: given[2]! })),
        );
        expect(performance.now() - started).toBeLessThan(2_000);
        if (result instanceof Error) expect(result).toMatchObject({ code: 'expression_error' });
        else expect(JSON.stringify(result).length).toBeLessThan(20 * 1024 * 1024);
      }
    }
  });

  it('stays off the prototype when it builds maps', () => {
    const made = evaluate('merge({__proto__: {polluted: 1}}, {a: 1})', scope) as JsonObject;
    expect(Object.keys(made)).toEqual(['__proto__', 'a']);
    expect(({} as JsonObject).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });

  it('derives uuid from run and step, and gives each call another', () => {
    const [one, two] = evaluate('[uuid(), uuid()]', scope) as string[];
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(two).not.toBe(one);
    expect(evaluate('[uuid(), uuid()]', scope)).toEqual([one, two]);
  });
});

describe('properties', () => {
  const word = fc.constantFrom(
    ...[
      '1',
      '2.5',
      "'s'",
      'null',
      'true',
      'inputs.a',
      'inputs.list',
      'nope',
      'item',
      'items',
      'odd',
    ],
    ...['+', '-', '*', '/', '%', '==', '!=', '<', '>=', 'in', 'and', 'or', 'not', '!', '?', ':'],
    ...['(', ')', '[', ']', '{', '}', ',', '.', 'a:', 'len(', 'sort(', 'json(', 'merge(', 'slice('],
  );
  const soup = fc.array(word, { maxLength: 20 }).map((words) => words.join(' '));

  it('gives JSON or an expression_error for any text', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), (text) => {
        const result = failure(() => evaluate(text, scope));
        if (result instanceof Error) expect(result).toMatchObject({ code: 'expression_error' });
        else expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      }),
      { numRuns: 1000 },
    );
  });

  /** A random tree as text and its value, computed by JavaScript itself. */
  const arithmetic = fc.letrec<{ tree: { text: string; value: number } }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.integer({ min: 0, max: 1000 }).map((value) => ({ text: String(value), value })),
      tie('tree').map(({ text, value }) => ({ text: `-(${text})`, value: -value })),
      fc
        .tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/', '%'), tie('tree'))
        .map(([a, sign, b]) => ({
          text: `(${a.text}) ${sign} (${b.text})`,
          value: compute(a.value, sign, b.value),
        })),
    ),
  }));

  it('computes as doubles do', () => {
    fc.assert(
      fc.property(arithmetic.tree, ({ text, value }) => {
        const result = failure(() => evaluate(text, scope));
        if (Number.isFinite(value)) expect(result).toBeCloseTo(value, 10);
        else expect(result).toMatchObject({ code: 'expression_error' });
      }),
      { numRuns: 1000 },
    );
  });

  it('binds operators as JavaScript does', () => {
    const signs = fc.array(fc.constantFrom('+', '-', '*'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(signs, fc.array(fc.nat(9), { minLength: 9, maxLength: 9 }), (ops, numbers) => {
        const text = ops.reduce(
          (all, op, at) => `${all} ${op} ${numbers[at + 1]}`,
          `${numbers[0]}`,
        );
        expect(evaluate(text, scope)).toBe(inOrder(ops, numbers));
      }),
      { numRuns: 500 },
    );
  });
});

function compute(a: number, sign: string, b: number): number {
  if (sign === '+') return a + b;
  if (sign === '-') return a - b;
  if (sign === '*') return a * b;
  return b === 0 ? NaN : sign === '/' ? a / b : a % b;
}

/** Products first, then sums from the left. */
function inOrder(ops: string[], numbers: number[]): number {
  const terms: number[] = [numbers[0]!];
  ops.forEach((op, at) => {
    const next = numbers[at + 1]!;
    if (op === '*') terms.push(terms.pop()! * next);
    else terms.push(op === '-' ? -next : next);
  });
  return terms.reduce((sum, term) => sum + term, 0) + 0;
}
