import { expect, test } from '@jest/globals';
import type { Json } from '../../../src/contracts/json/json.js';
import { renderError } from '../../../src/cli/render/error.js';

const render = (message: string, data: Json) =>
  renderError({ code: 'script_error', message, step: 'sum', data });

test('the frames of a trace are below the words, in their order', () => {
  const trace = ['c (a.py:1)', 'execute (a.py:9)', 'caused by OSError: no', 'b (lib/b.py:2)'];
  expect(render("KeyError: 'k' (a.py:1)", { trace, stderr: 'printed before' })).toBe(
    [
      "script_error at sum: KeyError: 'k' (a.py:1)",
      '    at c (a.py:1)',
      '    at execute (a.py:9)',
      '  caused by OSError: no',
      '    at b (lib/b.py:2)',
    ].join('\n'),
  );
});

test.each<[Json, number]>([
  [null, 1],
  [{ stderr: 'no config\n' }, 1],
  [{ stderr: 'reading\nno config\n' }, 3],
  [{ stderr: 'x\n'.repeat(100) }, 11],
  [{ trace: Array.from({ length: 50 }, () => 'f (a.py:1)') }, 11],
])('the end of stderr is below a shell’s words, unless they say it: %j', (data, lines) => {
  expect(render('exit 3: no config', data).split('\n')).toHaveLength(lines);
});

test('the place of an error is told once', () => {
  const data = { at: 'a.js:3' };
  expect(render('no stock', data)).toBe('script_error at sum: no stock (a.js:3)');
  expect(render('TypeError: no (a.js:3)', data)).toBe(
    'script_error at sum: TypeError: no (a.js:3)',
  );
});
