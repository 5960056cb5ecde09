import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/contracts/json/json.js';
import { toolSchema } from '../../../src/tools/models/tool-schema.js';

const EMPTY = { type: 'object', properties: {} };
const TEXT = { type: 'string' };

describe('the schema of a tool', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['nothing', {}, EMPTY],
    ['no properties', { type: 'object' }, EMPTY],
    ['a list of none', { type: 'object', properties: [], required: null }, EMPTY],
    ['several types', { type: ['object', 'null'] }, EMPTY],
    [
      'what more there is',
      { additionalProperties: true, $schema: 'x' },
      { ...EMPTY, additionalProperties: true, $schema: 'x' },
    ],
    [
      'lists and objects inside',
      {
        properties: {
          a: { type: 'array' },
          b: { type: 'object' },
          c: { type: 'array', items: { type: 'array' } },
        },
      },
      {
        type: 'object',
        properties: {
          a: { type: 'array', items: {} },
          b: EMPTY,
          c: { type: 'array', items: { type: 'array', items: {} } },
        },
      },
    ],
    [
      'a property that may be anything',
      { properties: { a: true } },
      { type: 'object', properties: { a: {} } },
    ],
    [
      'a choice at the top',
      {
        anyOf: [{ properties: { a: TEXT }, required: ['a'] }, { properties: { b: TEXT } }, true],
        properties: { c: TEXT },
      },
      { type: 'object', properties: { a: TEXT, b: TEXT, c: TEXT } },
    ],
    [
      'a choice inside',
      { properties: { a: { anyOf: [TEXT, { type: 'null' }] } } },
      { type: 'object', properties: { a: { anyOf: [TEXT, { type: 'null' }] } } },
    ],
  ])('with %s', (_, schema, sent) => {
    expect(toolSchema(schema)).toEqual(sent);
  });

  it('that is whole stays as it is', () => {
    const schema = {
      type: 'object',
      properties: { a: { ...TEXT, description: 'x' } },
      required: ['a'],
      additionalProperties: false,
    };
    expect(toolSchema(schema)).toEqual(schema);
  });
});
