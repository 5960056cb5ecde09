import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import type { InputSpec } from '../../../src/contracts/plan.js';
import { checkInputs } from '../../../src/language/inputs/check-inputs.js';

const SPECS: Record<string, InputSpec> = {
  name: { type: 'string', required: true, description: 'Who it is for' },
  days: { type: 'integer', required: false, default: 30, minimum: 1, maximum: 365 },
  mode: { type: 'string', required: false, enum: ['fast', 'slow'] },
  since: { type: 'string', required: false, format: 'date-time' },
  any: { required: false },
};

describe('checkInputs', () => {
  it('fills in defaults and leaves out what is absent', () => {
    expect(checkInputs(SPECS, { name: 'a' })).toEqual({
      inputs: { name: 'a', days: 30 },
      problems: [],
    });
    expect(checkInputs(SPECS, { name: 'a', days: null, any: [null] })).toEqual({
      inputs: { name: 'a', days: 30, any: [null] },
      problems: [],
    });
  });

  it('takes the reference of a secret, and does not repeat one in clear', () => {
    const specs = { token: { type: 'string', required: true, format: 'secret' } } as const;
    expect(checkInputs(specs, { token: 'secret://github' }).problems).toEqual([]);
    for (const token of ['hunter22', 'secret://Not-a-name', 12345678, { a: 'hunter22' }]) {
      expect(checkInputs(specs, { token }).problems).toEqual([
        {
          input: 'token',
          message: 'the input "token" is not a reference to a secret',
          hint: expect.stringMatching(/^write it like secret:/),
        },
      ]);
    }
  });

  it('reports everything at once, with suggestions', () => {
    const { problems } = checkInputs(SPECS, { nmae: 'a', days: 0, mode: 'fats', since: 'today' });
    expect(problems).toEqual([
      { input: 'nmae', message: 'there is no input "nmae"', hint: 'did you mean "name"?' },
      { input: 'name', message: 'the input "name" is missing', hint: 'Who it is for' },
      { input: 'days', message: 'the input "days" is 0, but must be at least 1' },
      { input: 'mode', message: 'the input "mode" is "fats"', hint: 'use one of "fast", "slow"' },
      {
        input: 'since',
        message: 'the input "since" is "today", which is not a valid date-time',
        hint: 'write it like 2026-01-31T12:00:00Z',
      },
    ]);
  });

  it('knows own properties only', () => {
    const given = JSON.parse('{"name": "a", "__proto__": {"days": 5}}') as JsonObject;
    expect(checkInputs(SPECS, given).problems).toMatchObject([{ input: '__proto__' }]);
    expect(checkInputs({}, {}).inputs).toEqual({});
  });

  const types: [NonNullable<InputSpec['type']>, Json[], Json[]][] = [
    ['string', ['', 'a'], [1, true, [], {}]],
    ['integer', [1, 2.0, -3, 0], [1.5, '1', true]],
    ['number', [1.5, 2], ['1', false]],
    ['boolean', [true, false], [0, 'true']],
    ['object', [{}, { a: 1 }], [[], 'a']],
    ['array', [[], [1]], [{}, 'a']],
  ];
  it.each(types)('%s', (type, right, wrong) => {
    const problems = (value: Json): number =>
      checkInputs({ x: { type, required: true } }, { x: value }).problems.length;
    expect(right.map(problems)).toEqual(right.map(() => 0));
    expect(wrong.map(problems)).toEqual(wrong.map(() => 1));
  });

  const formats: [string, string[], string[]][] = [
    [
      'date-time',
      ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.5+02:00'],
      ['2026-01-31', '2026-02-30T00:00:00Z'],
    ],
    ['date', ['2024-02-29'], ['2026-02-29', '2026-1-1']],
    ['time', ['12:00', '23:59:59Z'], ['24:00', '9:00']],
    ['email', ['a@b'], ['a', 'a b@c']],
    ['uri', ['https://a/b', 'urn:x'], ['a/b', 'http://a b']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123']],
    ['hostname', ['a.b-c.org'], ['-a', 'a..b']],
    ['ipv4', ['192.0.2.1'], ['256.0.0.1', '1.2.3', '1.2.3.4.']],
    ['whatever', ['anything'], []],
  ];
  it.each(formats)('%s', (format, right, wrong) => {
    const problems = (value: string): number =>
      checkInputs({ x: { type: 'string', required: true, format } }, { x: value }).problems.length;
    expect(right.map(problems)).toEqual(right.map(() => 0));
    expect(wrong.map(problems)).toEqual(wrong.map(() => 1));
  });
});
