import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isObject, type Json } from '../../../../src/contracts/json/json.js';
import { readToolSchema } from '../../../../src/tools/mcp/listing/read-tool-schema.js';

const KEYS = [
  'type',
  'properties',
  'required',
  'items',
  'anyOf',
  'enum',
  'additionalProperties',
  'x',
];
const { schema: hostile } = fc.letrec<{ schema: Json }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false, 7, 'object', [], {}, ['a']),
    fc.dictionary(fc.constantFrom(...KEYS), tie('schema')),
    fc.array(tie('schema'), { maxLength: 3 }),
  ),
}));

test('whatever a schema is, an object schema is read, and reading that changes nothing', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const { schema } = readToolSchema(value);
      expect(schema['type']).toBe('object');
      if ('properties' in schema) expect(isObject(schema['properties'])).toBe(true);
      if ('required' in schema) expect(Array.isArray(schema['required'])).toBe(true);
      expect(readToolSchema(schema)).toEqual({ schema, faults: [] });
    }),
  );
});

test.each<Json>([
  {
    type: 'object',
    properties: { a: { type: ['string', 'null'], enum: ['x', null] } },
    required: ['a'],
  },
  {
    type: 'object',
    properties: { properties: { type: 'array', items: { $ref: '#/$defs/a' } } },
    $defs: { a: {} },
  },
  {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['a'] }, { required: ['b'] }],
  },
  {
    type: 'object',
    properties: { a: { default: [], const: null, examples: null, 'x-mcp-header': 'A' } },
  },
])('%j is left as it is', (schema) => {
  expect(readToolSchema(schema)).toEqual({ schema, faults: [] });
});

test.each<[Json, Json, string]>([
  [{ properties: [] }, { properties: {} }, 'inputSchema.properties is a list, read as {}'],
  [
    { properties: { a: null } },
    { properties: { a: {} } },
    'inputSchema.properties.a is null, left out',
  ],
  [{ items: [] }, { items: {} }, 'inputSchema.items is a list, read as {}'],
  [{ anyOf: [] }, {}, 'inputSchema.anyOf is a list, left out'],
  [{ required: [1] }, {}, 'inputSchema.required is a list, left out'],
  [{ type: 'array' }, {}, 'inputSchema.type is "array", read as "object"'],
  [{ additionalProperties: 'no' }, {}, 'inputSchema.additionalProperties is a string, left out'],
])('%j is read as %j and named', (value, rest, fault) => {
  const expected = { schema: { type: 'object', ...(rest as object) }, faults: [fault] };
  expect(readToolSchema(value)).toEqual(expected);
});

test('a schema deeper than 64 levels is cut there', () => {
  let deep: Json = {};
  for (let level = 0; level < 70; level += 1) deep = { not: deep };
  expect(readToolSchema(deep).faults).toEqual([expect.stringContaining('64 levels deep')]);
});
