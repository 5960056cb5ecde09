import { describe, expect, it } from '@jest/globals';
import { failureWords } from '../../../../src/tools/models/answers/failure-words.js';

describe('the words of a refusal', () => {
  it.each([
    ['an error that is a text', { error: 'pull it first' }, 'pull it first'],
    ['an error that is a map', { error: { message: 'pull it first.', code: 7 } }, 'pull it first'],
    ['a map in a map', { error: { error: { message: 'no' } } }, 'no'],
    ['a detail', { detail: 'not found' }, 'not found'],
    [
      'a list of details',
      { detail: [{ loc: ['body', 'n'], msg: 'too small' }, { msg: 'too late' }] },
      'too small; too late',
    ],
    ['a message', { object: 'error', message: 'too long', code: 400 }, 'too long'],
    ['a list of errors', { errors: [{ message: 'a' }, 'b'] }, 'a; b'],
    ['a list around all of it', [{ error: { message: 'quota' } }], 'quota'],
    [
      'what stands behind a gateway',
      { error: { message: 'Provider returned error', metadata: { raw: '{"error":"no GPU"}' } } },
      'Provider returned error: no GPU',
    ],
    ['JSON that says nothing', { ok: false }, '{"ok":false}'],
    ['a JSON text', '"so not"', 'so not'],
    ['plain text', 'no healthy\n upstream', 'no healthy upstream'],
    [
      'a page',
      '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
      'a page that says "502 Bad Gateway"',
    ],
    [
      'a page without a title',
      '<!doctype html><style>p{}</style><p>Sign <b>in</b></p>',
      'a page that says "Sign in"',
    ],
    ['nothing', '  ', ''],
  ])('%s', (_, body, words) => {
    expect(failureWords(typeof body === 'string' ? body : JSON.stringify(body))).toBe(words);
  });

  it('are cut off', () => {
    expect(failureWords('x'.repeat(2_000))).toBe('x'.repeat(500));
  });
});
