import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../src/contracts/diagnostic.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { CATALOG } from './catalog.js';

const HEAD = 'name: a\nversion: 1.0.0\ndescription: d\npermissions: []\n';
const fill = (piece: string, size = 40_000): string =>
  piece.repeat(Math.floor(size / piece.length));
const indented = (lines: number, text: string): string =>
  Array.from({ length: lines }, (_, depth) => ' '.repeat(depth) + text).join('\n');
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefgh'].map((name, at) => `${name}: &${name} [${fill(`*${'abcdefgh'[at]}, `, 45)}]`),
].join('\n');

/** Never throws; every finding stands inside the text. */
function check(text: string): Diagnostic[] {
  const { plan, diagnostics } = compileDirective(text, CATALOG);
  const lines = text.replace(/^\ufeff/, '').split('\n');
  for (const { line, column, code } of diagnostics) {
    expect(code).not.toBe('internal');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
  }
  expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  return diagnostics;
}

describe('hostile files', () => {
  const texts: [string, string, string][] = [
    ['an empty file', '', 'empty_file'],
    ['blanks', ' \n\n', 'empty_file'],
    ['5 MB', 'x'.repeat(5_000_000), 'too_large'],
    ['257 KiB in 3-byte characters', '€'.repeat(90_000), 'too_large'],
    ['100,000 brackets', '['.repeat(100_000), 'nesting_too_deep'],
    ['100,000 braces', '{'.repeat(100_000), 'nesting_too_deep'],
    ['100,000 spaced braces', '{ '.repeat(100_000), 'nesting_too_deep'],
    ['nested flow maps', '{a: '.repeat(60_000), 'nesting_too_deep'],
    ['100,000 dashes', '- '.repeat(100_000), 'nesting_too_deep'],
    ['100,000 question marks', '? '.repeat(100_000), 'nesting_too_deep'],
    ['50,000 keys on a line', 'a: '.repeat(50_000), 'nesting_too_deep'],
    ['indented maps', indented(700, 'a:'), 'nesting_too_deep'],
    ['indented lists', indented(700, '-'), 'nesting_too_deep'],
    [
      'brackets in a step',
      `${HEAD}steps:\n  - set: { a: ${'['.repeat(100_000)} }`,
      'nesting_too_deep',
    ],
    ['closing brackets', fill(']'), 'yaml_syntax'],
    ['commas', `[${fill(',')}`, 'yaml_syntax'],
    ['tags', fill('!a '), 'yaml_tag'],
    ['anchors', fill('&a '), 'yaml_syntax'],
    ['aliases', fill('- *a\n'), 'unknown_alias'],
    ['directives', fill('%a\n'), 'yaml_directive'],
    ['escapes', `"${fill('\\q')}"`, 'yaml_syntax'],
    ['an alias bomb', bomb, 'alias_expansion'],
    ['many aliases', `${HEAD}steps: &a [1, 2, 3]\nx:\n${fill('- *a\n')}`, 'alias_expansion'],
    ['a null character', `${HEAD}x: "\0"`, 'control_character'],
    ['a lone surrogate', `${HEAD}x: "\ud800"`, 'control_character'],
    ['a parser mark', `${HEAD}x: \x1f`, 'control_character'],
    ['unquoted braces', fill('a: {{ x }}\n'), 'unquoted_expression'],
    ['duplicate keys', fill('a: 1\n'), 'duplicate_key'],
    ['wrong steps', `${HEAD}steps:\n${fill('- a\n')}`, 'invalid_type'],
    ['wrong scripts', `${HEAD}steps:\n${fill('- script: zzz\n')}`, 'unknown_script'],
    ['expressions', `${HEAD}steps: [{ set: { a: "${fill('{{ x }}')}" } }]`, 'unknown_name'],
    ['open expressions', `${HEAD}steps: [{ set: { a: "${fill('{{ ')}" } }]`, 'expression_syntax'],
    [
      'parentheses',
      `${HEAD}steps: [{ set: { a: "{{ ${'('.repeat(16_000)} }}" } }]`,
      'expression_syntax',
    ],
    [
      'a chain',
      `${HEAD}steps: [{ set: { a: "{{ ${'1+'.repeat(8_000)}1 }}" } }]`,
      'expression_syntax',
    ],
    ['only a scalar', 'hello', 'invalid_type'],
    ['only a list', '- a', 'invalid_type'],
    [
      'wrong types',
      'name: 1\nversion: [1]\nsteps: 5\ninputs: 3\nlimits: []\npermissions: x\n',
      'invalid_type',
    ],
  ];
  it.each(texts)('%s', (_, text, code) => {
    const started = Date.now();
    const codes = check(text).map((diagnostic) => diagnostic.code);
    expect(codes).toContain(code);
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  it('takes 64 levels, BOM, CRLF and text with many brackets', () => {
    const deep = `${'['.repeat(58)}1${']'.repeat(58)}`;
    const text = `\ufeff${HEAD}steps:\n  - set:\n      a: ${deep}\n      b: |\n        ${'[{'.repeat(200)}\n`;
    expect(check(text.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  it('knows own properties only', () => {
    const text = `${HEAD}inputs: { a: {} }\nsteps: [{ set: { b: "{{ inputs.constructor }}", __proto__: 1 } }]`;
    expect(check(text).map(({ code }) => code)).toEqual(['unknown_input', 'invalid_key']);
  });
});

describe('random files', () => {
  const seeds = [
    'heal_mcp_connection',
    'monitor_thread_health',
    'analyze_patterns',
    'coordinate_mcps',
  ];
  const texts = seeds.map((name) => readFileSync(`directives/system/${name}.yaml`, 'utf8'));
  const scrap = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      ':',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '\t',
      '#',
      '&a',
      '*a',
      '!',
    ],
    ...[
      '|',
      '>',
      '?',
      '%',
      '@',
      '`',
      'null',
      '~',
      '1e999',
      'steps:',
      'if:',
      'foreach:',
      '{{ item.x',
      '😀',
      '\r',
    ],
  );
  const edit = fc.record({
    at: fc.nat(2000),
    cut: fc.nat(12),
    put: fc.oneof(scrap, fc.string({ maxLength: 3 })),
  });

  it('never throws for text', () => {
    const soup = fc.array(scrap, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        check(text);
        check(`${HEAD}steps:\n  - set:\n      a: ${text}`);
      }),
      { numRuns: 200 },
    );
  });

  it('never throws for edited directives', () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...texts), edits, (text, all) => {
        check(
          all.reduce((now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut), text),
        );
      }),
      { numRuns: 200 },
    );
  });
});
