import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/contracts/json/json.js';
import { NeedsValue } from '../../../src/language/expression/runtime/needs-value.js';
import { parseTemplate } from '../../../src/language/expression/parse-template.js';
import { references, render, renderCondition } from '../../../src/language/expression/template.js';
import { scopeOf } from '../scope.js';

const hash = 'cd'.repeat(32);
const ref = { $blob: hash, bytes: 300_000 };
const scope = scopeOf(
  { n: 3, s: 'text', list: [1, { a: 'b' }], t: true, evil: '{{ n }}', ref },
  { [hash]: ['big'] },
);
const absent = scopeOf({ ref, n: 1 });

describe('render', () => {
  const cases: [Json, Json][] = [
    ['{{ n }}', 3],
    ['  {{ n }}\n', 3],
    ['{{n}}', 3],
    ['{{ list }}', [1, { a: 'b' }]],
    ['{{ nope }}', null],
    ['a {{ n }}', 'a 3'],
    ['{{ n }}{{ n }}', '33'],
    ['{{ s }}, {{ list }}, {{ nope }}, {{ t }}.', 'text, [1,{"a":"b"}], , true.'],
    ['plain', 'plain'],
    ['}} { {', '}} { {'],
    ['{{ "}}" }}', '}}'],
    ["{{ '}}' + s }}!", '}}text!'],
    ['{{ {a: {b: n}} }}', { a: { b: 3 } }],
    ['{{{a: n}}}', { a: 3 }],
    ['{{ {a: {b: 1}}.a.b }}x', '1x'],
    ['{{ evil }}', '{{ n }}'],
    ['{{ evil }} {{ s }}', '{{ n }} text'],
    [
      { a: ['{{ n }}', 1, null], b: { c: 'x{{ s }}' } },
      { a: [3, 1, null], b: { c: 'xtext' } },
    ],
    [{ '{{ n }}': 1 }, { '{{ n }}': 1 }],
    [5, 5],
    [null, null],
    ['{{ ref }}', ref],
    ['{{ ref }}!', '["big"]!'],
    [{ a: '{{ ref }}' }, { a: ref }],
  ];
  it.each(cases)('%j', (template, result) => expect(render(template, scope)).toStrictEqual(result));

  it('asks for a value only when it must look inside', () => {
    expect(render({ a: '{{ ref }}' }, absent)).toEqual({ a: ref });
    expect(() => render('{{ ref }}!', absent)).toThrow(NeedsValue);
    expect(() => renderCondition('{{ ref }}', absent)).toThrow(NeedsValue);
  });

  it.each(['{{ n', '{{ 1 + }}', '{{ n / 0 }}', 'a {{ nope + 1 }}'])('%s fails', (template) => {
    expect(() => render(template, scope)).toThrow(
      expect.objectContaining({ code: 'expression_error' }),
    );
  });

  it('bounds what many expressions make together', () => {
    const large = scopeOf({ s: 'x'.repeat(100_000) });
    const many = Array.from({ length: 200 }, () => '{{ s }}');
    expect(() => render(many, large)).toThrow('larger than');
    expect(() => render(many.join(''), large)).toThrow('larger than');
  });

  it('gives each uuid of one template another value, the same when it is rendered again', () => {
    const template = { a: '{{ uuid() }}', b: '{{ uuid() }}' };
    const { a, b } = render(template, scope) as Record<string, Json>;
    expect(a).not.toBe(b);
    expect(render(template, scope)).toEqual({ a, b });
  });

  it('leaves text without braces as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('{{'));
        expect(render(text, scope)).toBe(text);
      }),
    );
  });
});

describe('conditions', () => {
  it.each([
    ['{{ t }}', true],
    ['{{ nope }}', false],
    ['{{ n == 3 }}', true],
    [true, true],
    [null, false],
  ])('%j is %s', (template, result) => expect(renderCondition(template, scope)).toBe(result));

  it.each(['{{ n }}', '{{ s }}', '{{ list }}', 'true', '{{ t }}!', 1])(
    '%j is no condition',
    (template) => {
      expect(() => renderCondition(template, scope)).toThrow(
        expect.objectContaining({
          code: 'expression_error',
          message: expect.stringContaining('must be true or false'),
        }),
      );
    },
  );
});

describe('references', () => {
  const cases: [Json, string[][]][] = [
    ['{{ a.b[0]["c d"] }} {{ x }}', [['a', 'b', '0', 'c d'], ['x']]],
    ['{{ a[i].b + f }}', [['a'], ['i'], ['f']]],
    ['{{ upper(a.b) in [c, {d: e}] ? not g : -h }}', [['a', 'b'], ['c'], ['e'], ['g'], ['h']]],
    [{ k: ['{{ a }}', 1], l: 'b' }, [['a']]],
    ['{{ (a ? b : c).d }}', [['a'], ['b'], ['c']]],
  ];
  it.each(cases)('%j', (template, paths) => expect(references(template)).toEqual(paths));
});

describe('mistakes are data', () => {
  it.each([
    ['ab {{ 1 + }}', 10],
    ['{{ x', 0],
    ['{{ ok }} {{ a b }}', 14],
    ['{{ }}', 3],
  ])('%s at %i', (text, offset) => {
    expect(parseTemplate(text).errors).toEqual([expect.objectContaining({ offset })]);
  });
});
