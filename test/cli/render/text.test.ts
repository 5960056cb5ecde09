import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { renderDiagnostic } from '../../../src/cli/render/diagnostic.js';
import { duration } from '../../../src/cli/render/duration.js';
import { renderShadow } from '../../../src/cli/render/shadow.js';
import { table } from '../../../src/cli/render/table.js';

describe('duration', () => {
  test.each([
    [null, '-'],
    [0, '0 ms'],
    [41.4, '41 ms'],
    [1_250, '1.3 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ])('%p ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('a table in a terminal', () => {
  const id = '5013eda0-1111-4222-8333-444444444444';
  const head = ['ID', 'NAME', 'ERROR'];
  const rows = [[id, 'a_directive_with_a_name', 'the disk is full and nobody knows why']];
  const shown = (columns?: number) => table(head, rows, columns).split('\n')[1]!;

  test('shortens ids, then cuts the last column, then the widest; never the first', () => {
    expect(shown()).toContain(id);
    expect(shown(200)).toContain(id);
    expect(shown(80)).toBe(
      '5013eda0  a_directive_with_a_name  the disk is full and nobody knows why',
    );
    expect(shown(60)).toBe('5013eda0  a_directive_with_a_name  the disk is full and nob…');
    expect(shown(40)).toBe('5013eda0  a_directive_wit…  the disk is…');
    expect(shown(10)).toBe('5013eda0  a_directive…  the disk is…');
  });

  test.each([40, 60, 80, 100])('fits %i columns', (columns) => {
    expect(shown(columns).length).toBeLessThanOrEqual(columns);
  });
});

describe('a shadow', () => {
  const page = (recorded: unknown, shadow: unknown) =>
    renderShadow({
      compared: 1,
      total: 1,
      differences: [
        { kind: 'RESULT', path: 'a', iteration: '', name: 'a', recorded, shadow } as never,
      ],
    });

  test('shows long values from where they differ', () => {
    const same = 'x'.repeat(200);
    const told = page(`${same} old ${same}`, `${same} new ${same}`);
    expect(told).toMatch(/…x+ old x+… +…x+ new x+…$/);
    expect(page('one', 'two')).toMatch(/"one" +"two"$/);
    expect(page(same, `${same}y`)).toMatch(/…x+" +…x+y"$/);
  });
});

describe('table', () => {
  test('pads columns to their widest cell, colours not counted', () => {
    const rows = [
      ['a', '\u001b[31mred\u001b[39m', 'x'],
      ['longer', 'b', ''],
    ];
    expect(table(['ID', 'B', 'C'], rows)).toBe(
      'ID      B    C\na       \u001b[31mred\u001b[39m  x\nlonger  b',
    );
  });
});

describe('diagnostic', () => {
  const found = {
    code: 'unknown_key',
    severity: 'error',
    message: 'no such key',
    line: 2,
    column: 3,
  } as const;
  const render = (source: string, column = 3) =>
    renderDiagnostic('a.yaml', source, { ...found, column, hint: 'use steps' }, new PassThrough());

  test('shows place, line, caret and hint', () => {
    expect(render('name: a\n  stps: []\n')).toBe(
      [
        'a.yaml:2:3 error unknown_key no such key',
        '  2 |   stps: []',
        '    |   ^',
        '  hint: use steps',
      ].join('\n'),
    );
  });

  test('keeps tabs before the caret, and counts characters, not code units', () => {
    expect(render('name: a\n\t\tx', 3)).toContain('\n    | \t\t^');
    expect(render('name: a\n😀😀x', 3)).toContain('\n    |   ^');
  });

  test('leaves out a line that is empty or not there, and shows the part of a long one that matters', () => {
    expect(render('')).toBe('a.yaml:2:3 error unknown_key no such key\n  hint: use steps');
    const long = render(`name: a\n${'x'.repeat(3_999)}y${'x'.repeat(1_000)}`, 4_000).split('\n');
    expect(long[1]!.length).toBeLessThan(180);
    expect(long[1]![long[2]!.indexOf('^')]).toBe('y');
  });
});
