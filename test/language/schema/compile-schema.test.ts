import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import { compileSchema } from '../../../src/language/schema/compile-schema.js';

const draft = (name: string, http = 'https'): JsonObject => ({
  $schema: `${http}://json-schema.org/${name}`,
});
const tuple = { properties: { l: { items: [{ type: 'string' }], additionalItems: false } } };
const prefix = { properties: { l: { prefixItems: [{ type: 'string' }], items: false } } };
const needs = { dependentRequired: { n: ['m'] } };
const nothingElse = { allOf: [{ properties: { n: {} } }], unevaluatedProperties: false };

/** A schema, a value that satisfies it, and one that does not. */
const CASES: [string, JsonObject, Json, Json][] = [
  ['no dialect: dependentRequired', needs, { n: 1, m: 1 }, { n: 1 }],
  ['no dialect: prefixItems', prefix, { l: ['a'] }, { l: [1] }],
  ['no dialect: unevaluatedProperties', nothingElse, { n: 1 }, { n: 1, o: 1 }],
  ['no dialect: a list of items', tuple, { l: ['a'] }, { l: ['a', 1] }],
  ['no dialect: dependencies', { dependencies: { n: ['m'] } }, { m: 1 }, { n: 1 }],
  ['2020-12', { ...draft('draft/2020-12/schema'), ...prefix }, { l: ['a'] }, { l: ['a', 'b'] }],
  ['2020-12 by http', { ...draft('draft/2020-12/schema#', 'http'), ...needs }, {}, { n: 1 }],
  ['2019-09', { ...draft('draft/2019-09/schema'), ...nothingElse }, { n: 1 }, { o: 1 }],
  ['2019-09, a list of items', { ...draft('draft/2019-09/schema'), ...tuple }, {}, { l: [1] }],
  ['draft-07', { ...draft('draft-07/schema#', 'http'), ...tuple }, { l: ['a'] }, { l: [1] }],
  ['draft-07 by https', { ...draft('draft-07/schema'), required: ['n'] }, { n: 1 }, {}],
  ['draft-06', { ...draft('draft-06/schema#', 'http'), const: { n: 1 } }, { n: 1 }, { n: 2 }],
];

describe('schemas', () => {
  it.each(CASES)('%s', (_, schema, good, bad) => {
    const compiled = compileSchema(schema);
    if (!('problemOf' in compiled)) throw new Error(compiled.message);
    expect(compiled.problemOf(good)).toBeUndefined();
    expect(compiled.problemOf(bad)).toContain('answer');
  });

  it.each<[JsonObject, string[], string]>([
    [draft('draft-04/schema#', 'http'), ['$schema'], 'draft-04'],
    [{ $schema: 5 }, ['$schema'], '5'],
    [{ properties: { 'a/b': { type: 'text' } } }, ['properties', 'a/b', 'type'], '"type"'],
    [{ $ref: 'https://example.org/else.json' }, [], 'resolve reference'],
  ])('%j is none', (schema, path, message) => {
    expect(compileSchema(schema)).toMatchObject({
      path,
      message: expect.stringContaining(message),
    });
  });
});
