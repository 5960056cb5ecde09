import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MissionError } from '../../../src/contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../../src/contracts/json/json.js';
import { evaluate } from '../../../src/language/expression/evaluate.js';
import { FUNCTIONS } from '../../../src/language/expression/functions/functions.js';
import { parseExpression } from '../../../src/language/expression/parser.js';
import { typeOf } from '../../../src/language/expression/runtime/values.js';
import { infer, type TypeProblem } from '../../../src/language/types/infer.js';
import {
  ANY,
  fieldOf,
  type Kind,
  listOf,
  mapOf,
  NULL,
  of,
  orNull,
  type Type,
} from '../../../src/language/types/type.js';
import { scopeOf } from '../scope.js';

/** A declared type, and values that conform to it. */
interface Declared {
  type: Type;
  value: fc.Arbitrary<Json>;
}

const NUMBERS = fc.constantFrom<Json>(0, 1, -1, 2, 1.5, 100);
const TEXTS = fc.constantFrom('', 'a', 'b', 'ab', '12', '2026-01-31', 'days', 'n');
const SCALARS: Declared[] = [
  { type: of('number'), value: NUMBERS },
  { type: of('string'), value: TEXTS },
  { type: of('boolean'), value: fc.boolean() },
  { type: NULL, value: fc.constant(null) },
];
const { value: anything } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    ...SCALARS.map(({ value }) => value),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('n', 's', 'x'), tie('value'), { maxKeys: 3 }),
  ),
}));

const listed = ({ type, value }: Declared): Declared => ({
  type: listOf(type),
  value: fc.array(value, { maxLength: 3 }),
});
const mapped = (n: Declared, s: Declared): Declared => ({
  type: mapOf({ n: n.type, s: s.type }, NULL),
  value: fc.record({ n: n.value, s: s.value }),
});
const optional = ({ type, value }: Declared): Declared => ({
  type: orNull(type),
  value: fc.option(value),
});

/** Types without null and without anything unknown. */
const solid = fc.letrec<{ type: Declared }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...SCALARS.slice(0, 3)),
    tie('type').map(listed),
    fc.tuple(tie('type'), tie('type')).map(([n, s]) => mapped(n, s)),
  ),
})).type;
const declared = fc.oneof(
  solid,
  solid.map(optional),
  solid.map(optional).map(listed),
  fc.tuple(solid.map(optional), solid).map(([n, s]) => mapped(n, s)),
  fc.constant<Declared>({ type: ANY, value: anything }),
);

const NAMES = ['a', 'b', 'c', 'd'];
const LEAVES = [
  ...['a', 'b', 'c', 'd', 'a.n', 'b.s', 'c[0]', 'd[-1]', 'a[0].n', 'b.length', '1', '0', '-2'],
  ...['"a"', '"12"', '"n"', '"days"', '"YYYY"', '"yyyy"', '"2026-01-31"', 'true', 'null', '[]'],
];
const BINARY = ['+', '-', '*', '/', '%', '<', '>=', '==', '!=', 'in', 'not in', 'and', 'or'];

/** Any expression, as text. */
const { text: expressions } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    fc.constantFrom(...LEAVES),
    fc
      .tuple(tie('text'), fc.constantFrom(...BINARY), tie('text'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(fc.constantFrom('-', 'not '), tie('text')).map(([sign, text]) => `(${sign}${text})`),
    fc
      .tuple(tie('text'), tie('text'), tie('text'))
      .map(([test, then, other]) => `(${test} ? ${then} : ${other})`),
    fc.array(tie('text'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('text'), tie('text')).map(([n, s]) => `{n: ${n}, s: ${s}}`),
    fc
      .tuple(tie('text'), fc.constantFrom('.n', '["s"]', '[0]', '[-1]'))
      .map((parts) => parts.join('')),
    call(tie('text')),
  ),
}));

function call(argument: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .constantFrom(...Object.entries(FUNCTIONS))
    .chain(([name, { least, most }]) =>
      fc
        .array(argument, { minLength: least, maxLength: Math.min(most, least + 2) })
        .map((given) => `${name}(${given.join(', ')})`),
    );
}

interface Checked {
  type: Type;
  problems: TypeProblem[];
}

function check(text: string, types: Record<string, Type>): Checked {
  const problems: TypeProblem[] = [];
  const scope = { name: (name: string) => types[name]!, step: () => ANY, guards: [] };
  const type = infer(parseExpression(text), scope, (problem) => problems.push(problem));
  return { type, problems };
}

/** What it comes to; undefined where it fails. */
function outcome(text: string, values: JsonObject): { value: Json } | { failure: string } {
  try {
    return { value: evaluate(text, scopeOf(values)) };
  } catch (thrown) {
    if (thrown instanceof MissionError) return { failure: thrown.message };
    throw thrown;
  }
}

/** Whether a value is what its type says. */
function conforms(value: Json, type: Type): boolean {
  if (!type.kinds.includes(typeOf(value) as Kind)) return false;
  if (type.constant !== undefined) return JSON.stringify(value) === JSON.stringify(type.constant);
  if (Array.isArray(value))
    return !type.items || value.every((item) => conforms(item, type.items!));
  const fields = [...(type.fields?.keys() ?? [])];
  return (
    !isObject(value) || fields.every((name) => conforms(value[name] ?? null, fieldOf(type, name)))
  );
}

const scopes = (types: fc.Arbitrary<Declared>) =>
  fc.tuple(types, types, types, types).chain((all) =>
    fc.record({
      types: fc.constant(Object.fromEntries(NAMES.map((name, at) => [name, all[at]!.type]))),
      values: fc.array(
        fc
          .tuple(...all.map(({ value }) => value))
          .map((values): JsonObject =>
            Object.fromEntries(NAMES.map((name, at) => [name, values[at]!])),
          ),
        { minLength: 4, maxLength: 4 },
      ),
    }),
  );

describe('types of expressions', () => {
  it('call certain only what fails whatever the names hold, and know what comes of the rest', () => {
    let certain = 0;
    fc.assert(
      fc.property(expressions, scopes(declared), (text, { types, values }) => {
        const { type, problems } = check(text, types);
        const fails = problems.find((problem) => problem.certain);
        if (fails) certain++;
        for (const each of values) {
          const came = outcome(text, each);
          if (fails && 'value' in came)
            throw new Error(`${fails.message}: yet ${JSON.stringify(came)}`);
          if ('value' in came && !conforms(came.value, type))
            throw new Error(`${JSON.stringify(came)} is not of ${JSON.stringify(type)}`);
        }
      }),
      { numRuns: 4000 },
    );
    expect(certain).toBeGreaterThan(100);
  });

  /** Failures of values, not of types. */
  const OF_VALUES =
    /division by zero|not a finite|is not a date|not a unit|time zone|pattern|whole number|digits|the step is 0|the size is|cannot read|Base64|is empty|steps|out of range|larger than|only whole/;
  /** What an item of a list, or a value from JSON, is, no type tells. */
  const UNTYPED =
    /get\(|values\(|parse_json|merge|pick|omit|first|last|\[|min|max|\?|slice|sum|avg|sort|contains|coalesce|default|flatten|zip|\.|in /;

  it('are silent only where nothing of a type fails, as far as they know the names', () => {
    let silent = 0;
    fc.assert(
      fc.property(expressions, scopes(solid), (text, { types, values }) => {
        if (UNTYPED.test(text) || check(text, types).problems.length > 0) return;
        silent++;
        for (const each of values) {
          const came = outcome(text, each);
          if ('failure' in came) expect(came.failure).toMatch(OF_VALUES);
        }
      }),
      { numRuns: 4000 },
    );
    expect(silent).toBeGreaterThan(100);
  });
});
