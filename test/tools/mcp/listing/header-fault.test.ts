import { expect, test } from '@jest/globals';
import { headerFault } from '../../../../src/tools/mcp/listing/header-fault.js';

const schema = (properties: any, more: any = {}) => ({ type: 'object', properties, ...more });
const named = (name: unknown, type = 'string') => ({ type, 'x-mcp-header': name });

test.each([
  ['no annotation', schema({ a: { type: 'string' } })],
  ['valid ones', schema({ a: named('A'), b: named('B', 'integer'), c: named('C', 'boolean') })],
  ['a nested one', schema({ a: schema({ b: named('B') }) })],
  ['an argument of that name', schema({ 'x-mcp-header': { type: 'string' } })],
  ['data of that name', schema({ a: { type: 'object', default: { 'x-mcp-header': '' } } })],
])('%s is fine', (_what, given) => expect(headerFault(given as any)).toBeUndefined());

test.each([
  ['an empty name', schema({ a: named('') }), 'must be the name of a header'],
  ['a name with a space', schema({ a: named('a b') }), 'must be the name of a header'],
  ['a name with a line break', schema({ a: named('a\nb') }), 'must be the name of a header'],
  ['a number as name', schema({ a: named(5) }), 'must be the name of a header'],
  ['a number argument', schema({ a: named('A', 'number') }), 'texts, integers and booleans'],
  ['an object argument', schema({ a: named('A', 'object') }), 'texts, integers and booleans'],
  ['the same name twice', schema({ a: named('A'), b: named('a') }), 'twice'],
  ['one at the top', { ...schema({}), 'x-mcp-header': 'A' }, 'where no argument is'],
  ['one in a list', schema({ a: { type: 'array', items: named('A') } }), 'where no argument is'],
  ['one in a choice', schema({}, { anyOf: [schema({ a: named('A') })] }), 'where no argument is'],
  ['one in a definition', schema({}, { $defs: { d: named('A') } }), 'where no argument is'],
])('%s is a fault', (_what, given, fault) => expect(headerFault(given as any)).toContain(fault));
