import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MissionError } from '../../../src/contracts/errors.js';
import type { Json } from '../../../src/contracts/json/json.js';
import { encodingsOf } from '../../../src/platform/redaction/encodings.js';
import { Redactor } from '../../../src/platform/redaction/redactor.js';

const PASSWORD = 'h&nter "2"/ß+Xq7 vB=?';
const TOKEN = 'c0ffee-TOKEN_with.dots~9dK3zLq81';
const PEM = [
  '-----BEGIN TEST KEY-----',
  ...Array.from({ length: 6 }, (_, n) =>
    Buffer.from(`line ${n} of a key, which is long enough so`).toString('base64').slice(0, 50),
  ),
  '-----END TEST KEY-----',
].join('\n');

function knowing(...values: string[]): Redactor {
  const redactor = new Redactor();
  for (const [n, value] of values.entries()) redactor.learn(`s${n}`, value);
  return redactor;
}

const ENCODINGS: Record<string, (value: string) => string> = {
  plain: (v) => v,
  json: (v) => JSON.stringify(v),
  'json in json': (v) => JSON.stringify(JSON.stringify({ v })),
  'json of Python': (v) =>
    JSON.stringify(v).replace(
      /[^ -~]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  component: encodeURIComponent,
  url: encodeURI,
  form: (v) => new URLSearchParams({ v }).toString(),
  'quote of Python': (v) =>
    encodeURIComponent(v)
      .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%2F', '/'),
  html: (v) =>
    v
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;'),
  base64: (v) => Buffer.from(v).toString('base64'),
  'base64, second offset': (v) => Buffer.from(`u:${v}`).toString('base64'),
  'base64, third offset': (v) => Buffer.from(`:${v}`).toString('base64'),
  base64url: (v) => Buffer.from(`user:${v}`).toString('base64url'),
  hex: (v) => Buffer.from(v).toString('hex'),
  HEX: (v) => Buffer.from(v).toString('hex').toUpperCase(),
};

/** What is left of a secret when everything that is encoded is decoded again. */
function leaks(text: string, secret: string): boolean {
  const window = 10;
  const forms = Object.values(ENCODINGS).map((encode) => encode(secret));
  return forms.some((form) => {
    for (let at = 6; at + window <= form.length - 6; at++) {
      if (text.includes(form.slice(at, at + window))) return true;
    }
    return false;
  });
}

describe('what was resolved', () => {
  test.each(Object.entries(ENCODINGS))('is found as %s', (_, encode) => {
    for (const secret of [PASSWORD, TOKEN]) {
      const redactor = knowing(PASSWORD, TOKEN);
      const text = `before ${encode(secret)} after`;
      const clean = redactor.text(text);
      expect(clean).toContain(secret === PASSWORD ? '«secret:s0»' : '«secret:s1»');
      expect(leaks(clean, secret)).toBe(false);
      expect(clean).toMatch(/^before .* after$/);
    }
  });

  test('is found in values, keys and numbers; what has none stays the very same', () => {
    const redactor = knowing(TOKEN, '8675309');
    const clean: Json = { list: [1, 'x', { deep: null }], other: 'text' };
    expect(redactor.json(clean)).toBe(clean);
    expect(
      redactor.json({ a: [{ b: `Bearer ${TOKEN}` }], [TOKEN]: 1, pin: 8675309, n: 867 }),
    ).toEqual({
      a: [{ b: 'Bearer «secret:s0»' }],
      '«secret:s0»': 1,
      pin: '«secret:s1»',
      n: 867,
    });
  });

  test('gives one mark for several neighbours, and none for what only resembles it', () => {
    const redactor = knowing(TOKEN);
    expect(redactor.text(TOKEN + TOKEN + 'x' + TOKEN)).toBe('«secret:s0»x«secret:s0»');
    const near = `${TOKEN.slice(0, -1)}!`;
    expect(redactor.text(near)).toBe(near);
  });

  test('is found line by line, and in wrapped base64', () => {
    const redactor = knowing(PEM);
    for (const line of PEM.split('\n')) expect(redactor.text(`> ${line}`)).toBe('> «secret:s0»');
    const wrapped = Buffer.from(PEM).toString('base64').replace(/.{64}/g, '$&\n');
    const left = redactor
      .text(wrapped)
      .replace(/«secret:s0»/g, '')
      .trim();
    expect(left.length).toBeLessThan(40);
  });

  test('is found in lines that were cut, or written in two goes', () => {
    const redactor = knowing(TOKEN);
    for (let at = 8; at <= TOKEN.length - 8; at++) {
      const [first, second] = [`say ${TOKEN.slice(0, at)}`, `${TOKEN.slice(at)} end`];
      expect([redactor.line(first), redactor.line(second)]).toEqual([
        'say «secret:s0»',
        '«secret:s0» end',
      ]);
      expect(redactor.text(first)).toBe(first);
    }
  });

  test('is taken out of errors, their data and their causes', () => {
    const redactor = knowing(TOKEN, 'only_small_letters');
    const cause = new Error(`connect ${TOKEN}@host`);
    const error = new MissionError(
      'only_small_letters',
      `no ${TOKEN}`,
      { stderr: `…${TOKEN}` },
      { cause },
    );
    const clean = redactor.error(error);
    expect(clean).toBe(error);
    expect(clean).toMatchObject({
      code: 'script_error',
      message: 'no «secret:s0»',
      data: { stderr: '…«secret:s0»' },
    });
    expect(cause.message).toBe('connect «secret:s0»@host');
    expect(`${clean.stack}${cause.stack}`).not.toContain(TOKEN);
  });

  test('is forgotten at last, the oldest first', () => {
    const redactor = new Redactor();
    for (let n = 0; n < 2_001; n++) redactor.learn('n', `value-number-${n}-`);
    expect(redactor.text('value-number-0- value-number-1- value-number-2000-')).toBe(
      'value-number-0- «secret:n» «secret:n»',
    );
  });
});

describe('whatever the secret', () => {
  const secret = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 12, maxLength: 90 }),
    fc.string({ unit: 'binary-ascii', minLength: 12, maxLength: 90 }),
    fc.base64String({ minLength: 24, maxLength: 600 }),
    fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\n', "'", 'ü'),
      minLength: 12,
      maxLength: 60,
    }),
  );
  const encoding = fc.constantFrom(...Object.keys(ENCODINGS));
  /** No part of it may be like the secret by chance. */
  const around = fc.string({ unit: fc.constantFrom('.', ' ', '-'), maxLength: 40 });

  test('no encoding of it is left, in texts and values', () => {
    const property = fc.property(secret, encoding, around, around, (value, name, before, after) => {
      const text = `${before}${ENCODINGS[name]!(value)}${after}`;
      const redactor = knowing(value);
      for (const clean of [
        redactor.text(text),
        redactor.line(text),
        redactor.json([{ [text]: text }]),
      ]) {
        const shown = typeof clean === 'string' ? clean : JSON.stringify(clean);
        expect(shown).toContain('«secret:s0»');
        expect(shown.includes(ENCODINGS[name]!(value))).toBe(false);
      }
      // What repeats itself looks like itself where it was cut.
      if (new Set(value).size < 8) return;
      expect(leaks(redactor.text(text).replaceAll('«secret:s0»', ''), value)).toBe(false);
    });
    fc.assert(property, { numRuns: 1_500 });
  });

  test('cut anywhere, no half of it is left in lines', () => {
    const random = fc
      .uint8Array({ minLength: 24, maxLength: 150 })
      .map((bytes) => Buffer.from(bytes).toString('base64'));
    const cut = fc.property(random, fc.nat(), (value, n) => {
      const grams = Array.from(value.slice(3), (_, from) => value.slice(from, from + 4));
      fc.pre(new Set(grams).size === grams.length);
      const at = 8 + (n % (value.length - 16));
      const redactor = knowing(value);
      expect(redactor.line(`a ${value.slice(0, at)}`)).toBe('a «secret:s0»');
      expect(redactor.line(`${value.slice(at)} z`)).toBe('«secret:s0» z');
    });
    fc.assert(cut, { numRuns: 1_000 });
  });

  test('a text without it stays as it is', () => {
    const other = fc.property(secret, fc.string({ maxLength: 200 }), (value, text) => {
      fc.pre(!encodingsOf(value).some((form) => text.includes(form.slice(0, 4))));
      expect(knowing(value).text(text)).toBe(text);
    });
    fc.assert(other, { numRuns: 500 });
  });
});

describe('keys of well-known services', () => {
  const any = (length: number) => 'aB3dE6gH9'.repeat(20).slice(0, length);
  test.each([
    `sk-${any(40)}`,
    `sk-ant-api03-${any(60)}`,
    `sk_live_${any(24)}`,
    `ghp_${any(36)}`,
    `github_pat_${any(60)}`,
    `glpat-${any(20)}`,
    `xoxb-123456789012-${any(24)}`,
    'AKIAIOSFODNN7EXAMPLE',
    `AIza${any(35)}`,
    `mc_local_${any(43)}`,
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----',
  ])('%s', (key) => {
    expect(new Redactor().text(`key=${key}, so`)).toBe('key=«secret», so');
  });

  test('are nothing like other words', () => {
    const text =
      'ask-me risk-assessment-for-the-whole-of-2024 sk-learn-tutorial-for-beginners AKIAS xoxo-and-hugs task-0123456789012345678901234567890';
    expect(new Redactor().text(text)).toBe(text);
  });
});

describe('cost', () => {
  const result: Json = {
    rows: Array.from({ length: 8_000 }, (_, n) => ({
      id: n,
      text: `row ${n}: ${'lorem ipsum dolor sit amet '.repeat(4)}`,
    })),
  };
  const redactor = knowing(
    ...Array.from({ length: 20 }, (_, n) => `secret-${n}-${'x7Kp2'.repeat(8)}`),
  );
  const timed = (work: () => unknown) => {
    work();
    const start = performance.now();
    work();
    return performance.now() - start;
  };

  test('grows with the text alone: bounds that only what is quadratic misses, also on a busy machine', () => {
    expect(JSON.stringify(result).length).toBeGreaterThan(1024 * 1024);
    expect(timed(() => redactor.json(result))).toBeLessThan(1_000);
    const almost = `secret-7-${'x7Kp2'.repeat(7)}x7Kp!`.repeat(25_000);
    expect(timed(() => redactor.text(almost))).toBeLessThan(5_000);
    const same = new Redactor();
    same.learn('same', `${'a'.repeat(60_000)}b`);
    expect(timed(() => same.text('a'.repeat(1024 * 1024)))).toBeLessThan(5_000);
  });
});
