import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { compileDirective } from '../../../src/language/compile/compile.js';
import { directiveName } from '../../../src/platform/library/directive-name.js';
import { CATALOG } from '../../language/catalog.js';

const HEAD = { name: 'greet', version: '1.0.0', description: 'says name: other', permissions: [] };
const BODY = { steps: [{ return: 'name: another' }], limits: { steps: 9 } };

const STYLES = fc.record({
  defaultKeyType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL'),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
  indent: fc.integer({ min: 1, max: 8 }),
  lineWidth: fc.constantFrom(0, 20, 80),
});
const ORDER = fc.shuffledSubarray(Object.entries({ ...HEAD, ...BODY }), { minLength: 6 });
const FRAME = fc.constantFrom('', '\uFEFF', '# name: wrong\n', '---\n', '\n\n');

describe('directiveName', () => {
  it('reads the name that the language reads, of whatever the language accepts', () => {
    fc.assert(
      fc.property(ORDER, STYLES, FRAME, fc.boolean(), (fields, style, before, json) => {
        const value = Object.fromEntries(fields);
        const text = before + (json ? JSON.stringify(value) : stringify(value, style as never));
        const { plan, diagnostics } = compileDirective(text, CATALOG);
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(directiveName(text)).toBe(plan!.name);
      }),
    );
  });

  it('agrees with the language on any text', () => {
    const word = fc.constantFrom(
      'name',
      'greet',
      ':',
      ' ',
      '\n',
      '"',
      "'",
      '{',
      '}',
      ',',
      '- ',
      '&a ',
      '*a',
      '#',
      '? ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join('');
        const { plan } = compileDirective(text, CATALOG);
        if (plan) expect(directiveName(text)).toBe(plan.name);
        else expect([undefined, expect.any(String)]).toContainEqual(directiveName(text));
      }),
    );
  });

  it.each([
    ['name: greet\nsteps:\n\t- tab\n', 'greet'],
    ['name: greet\nsteps: [\n', 'greet'],
    ['name: greet\ninputs: {{ broken }}\n', 'greet'],
    ['name: greet\n---\nname: other\n', 'greet'],
    ['name: >-\n  greet\n', 'greet'],
    ['inner: { name: greet }\n', undefined],
    ['- name: greet\n', undefined],
    ['name: [greet]\n', undefined],
    ['name:\n', undefined],
    ['', undefined],
  ])('of %j is %j', (text, name) => expect(directiveName(text)).toBe(name));

  it('does not compose what is nested deeper than the language reads', () => {
    expect(directiveName(`name: a\nx: ${'['.repeat(63)}${']'.repeat(63)}`)).toBe('a');
    expect(directiveName(`name: a\nx: ${'['.repeat(65)}${']'.repeat(65)}`)).toBeUndefined();
  });
});
