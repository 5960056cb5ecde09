import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  jsonNumberProblem,
  parseJson,
  parseJsonKeepingDigits,
} from '../../src/contracts/exact-json.js';
import { numberProblem } from '../../src/contracts/json/number-problem.js';

const ODD = '9007199254740993';

describe('a number', () => {
  test.each([
    '0',
    '-0',
    '0.1',
    '0.1234567890123456789',
    '1.0',
    '9007199254740991',
    '-9007199254740992',
    '9007199254740992.0',
    '10000000000000000000000',
    '1e22',
    '1e23',
    '1E+300',
    '1.7976931348623157e308',
    '1e-400',
    `0.${'3'.repeat(400)}`,
    '0x1F',
  ])('%s is sound', (text) => expect(numberProblem(text)).toBeUndefined());

  test.each([
    ODD,
    `-${ODD}`,
    `${ODD}.0`,
    '9007199254740992.5',
    '9.007199254740993e15',
    '90071992.54740993E8',
    '12345678901234567890',
    '1152921504606846977',
    '1e400',
    '-1e309',
    '9'.repeat(400),
    '0x20000000000001',
  ])('%s is not', (text) => expect(numberProblem(text)?.hint).toContain('write it as text'));

  test('what to do is said, and a long one is cut', () => {
    expect(numberProblem(ODD)).toEqual({
      message: `${ODD} cannot be kept exactly as a number`,
      hint: `write it as text: "${ODD}"`,
    });
    expect(numberProblem('9'.repeat(100_000))!.message.length).toBeLessThan(100);
  });

  test('is written again as it was read, whatever the whole number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (whole) => {
        const text = String(whole);
        const again = BigInt(JSON.stringify(Number(text)));
        expect(numberProblem(text) === undefined).toBe(again === whole);
      }),
    );
  });

  test('that was written by JSON is sound', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(numberProblem(JSON.stringify(value))).toBeUndefined();
      }),
    );
  });
});

describe('JSON', () => {
  test.each([
    [ODD, `${ODD} cannot be kept`],
    [`[0, [1, ${ODD}]]`, `[1][1]: ${ODD} cannot be kept`],
    [`{"a": {"b": [1, {"c": 1e400}]}}`, 'a.b[1].c: 1e400 is larger than any number'],
    [`{"x:y": "}", "with \\" quote": [{}, ${ODD}]}`, `["with \\" quote"][1]: ${ODD}`],
    [`{"a": 1, "a": ${ODD}}`, `a: ${ODD}`],
  ])('%s is refused with the place', (text, message) => {
    expect(() => parseJson(text)).toThrow(
      expect.objectContaining({ code: 'input_invalid', message: expect.stringContaining(message) }),
    );
  });

  test.each([`{"a": "${ODD}"}`, `{"${ODD}": 1}`, `["\\"", "${ODD}, 1e400"]`, '[1e300, 0.1]'])(
    '%s is read as ever',
    (text) => expect(parseJson(text)).toEqual(JSON.parse(text)),
  );

  test('digits are kept as text where they must not be lost', () => {
    const text = `{"a": [${ODD}, -1e400, 12], "b": "[${ODD}]"}`;
    expect(parseJsonKeepingDigits(text)).toEqual({ a: [ODD, '-1e400', 12], b: `[${ODD}]` });
  });

  test('what is no JSON is a syntax error', () => {
    expect(() => parseJson(`[${ODD}`)).toThrow(SyntaxError);
    expect(() => parseJsonKeepingDigits('{')).toThrow(SyntaxError);
  });

  test('depth and length do no harm', () => {
    const deep = `${'['.repeat(50_000)}${ODD}${']'.repeat(50_000)}`;
    expect(jsonNumberProblem(deep, JSON.parse(deep))!.path.length).toBeLessThan(300);
    const long = `{"a": "${'\\n'.repeat(1_000_000)}", "b": ${ODD}}`;
    expect(jsonNumberProblem(long, JSON.parse(long))!.path).toBe('b');
  });

  test('every number is kept, or refused', () => {
    fc.assert(
      fc.property(fc.json(), fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (json, whole) => {
        const text = `{"other": ${json}, "id": ${whole}}`;
        const { id } = parseJsonKeepingDigits(text) as { id: number | string };
        const kept = typeof id === 'string' ? id : JSON.stringify(id);
        expect(kept).toBe(String(whole));
        if (typeof id === 'string') expect(() => parseJson(text)).toThrow(`${whole}`);
        else expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
