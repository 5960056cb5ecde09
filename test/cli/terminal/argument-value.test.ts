import { describe, expect, test } from '@jest/globals';
import { readArgument } from '../../../src/cli/terminal/argument-value.js';
import type { Json } from '../../../src/contracts/json/json.js';

const ROOT = {
  $defs: { Code: { anyOf: [{ type: 'string' }, { type: 'null' }] }, 'a/b': { type: 'string' } },
  definitions: { Level: { enum: ['1.10', '2'] }, Loop: { $ref: '#/definitions/Loop' } },
};
const read = (text: string, schema: Json) => readArgument('--arg a', text, schema, ROOT);

describe('an argument of a tool', () => {
  test.each<[string, Json]>([
    ['a type', { type: 'string' }],
    ['a list of types', { type: ['string', 'null'] }],
    ['a list of types, the other way round', { type: ['null', 'string'] }],
    ['anyOf', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ['oneOf', { oneOf: [{ type: 'null' }, { type: 'string' }], default: null }],
    ['allOf', { allOf: [{ type: 'string' }, { minLength: 1 }] }],
    ['a choice', { enum: ['1.10', '1.11'] }],
    ['a constant', { const: '1.10' }],
    ['a reference', { $ref: '#/$defs/Code' }],
    ['an escaped reference', { $ref: '#/$defs/a~1b' }],
    ['a reference to a choice', { anyOf: [{ $ref: '#/definitions/Level' }, { type: 'null' }] }],
    ['a text or a number that it is not exactly', { type: ['string', 'number'] }],
    ['a text or a whole number', { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
  ])('stays a text by %s', (_, schema) => expect(read('1.10', schema)).toBe('1.10'));

  test.each<[string, Json, Json]>([
    ['null', { type: ['string', 'null'] }, null],
    ['null', { type: 'string' }, 'null'],
    ['5', { type: ['integer', 'null'] }, 5],
    ['null', { anyOf: [{ type: 'integer' }, { type: 'null' }] }, null],
    ['5', { type: ['string', 'integer'] }, 5],
    ['007', { type: ['string', 'integer'] }, '007'],
    ['9007199254740993', { type: ['string', 'integer'] }, '9007199254740993'],
    ['true', { type: ['string', 'boolean'] }, true],
    ['[1, 2]', { type: ['string', 'array'] }, [1, 2]],
    ['{"a": 1}', { type: ['string', 'null'] }, '{"a": 1}'],
    ['2', { enum: [1, 2] }, 2],
    ['2', { enum: ['2', 2] }, '2'],
    ['1.5', { type: 'number' }, 1.5],
    ['1.5', {}, 1.5],
    ['word', {}, 'word'],
    ['word', { $ref: '#/definitions/Loop' }, 'word'],
    ['word', { $ref: '#/nowhere' }, 'word'],
  ])('%s by %j is %j', (text, schema, value) => expect(read(text, schema)).toEqual(value));

  test.each<[string, Json]>([
    ['word', { type: ['integer', 'null'] }],
    ['1.5', { anyOf: [{ type: 'integer' }, { type: 'null' }] }],
    ['9007199254740993', { type: ['integer', 'null'] }],
  ])('%s by %j is wrong use', (text, schema) =>
    expect(() => read(text, schema)).toThrow(expect.objectContaining({ exit: 2 })),
  );
});
