import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import { compileDirective } from '../../../src/language/compile/compile.js';
import { CATALOG } from '../catalog.js';
import { ask } from '../oracle.js';

/** What is looked at where a directive ends. */
const PATHS = [
  ...['n', 's', 'result', 'result.n', 'result.s', 'result.items', 'result.branches', 'result.last'],
  ...['steps.a.n', 'steps.b.s', 'steps.c', 'steps.d.count', 'count', 'items', 'steps.e.items[0].n'],
  ...['done_count', 'inputs.n', 'inputs.some.n', 'inputs.maybe'],
];
/** Each holds for values of one kind alone, and fails for every other. */
const PROBES: Record<string, (path: string) => string> = {
  number: (path) => `${path} * 1`,
  string: (path) => `upper(${path})`,
  condition: (path) => `not ${path}`,
  list: (path) => `compact(${path})`,
  map: (path) => `keys(${path})`,
};
const HOLDS: Record<string, (value: Json) => boolean> = {
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  condition: (value) => value === null || typeof value === 'boolean',
  list: (value) => value === null || Array.isArray(value),
  map: (value) => value === null || (typeof value === 'object' && !Array.isArray(value)),
};

const value = fc.constantFrom<Json>(
  ...[1, 'text', null, true, [1, 'a'], { n: 5 }],
  ...[
    '{{ inputs.n }}',
    '{{ inputs.maybe }}',
    '{{ inputs.some }}',
    '{{ result }}',
    '{{ inputs.n + 1 }}',
  ],
  ...[
    '{{ default(result.n, 0) }}',
    '{{ inputs.flag ? 1 : "a" }}',
    '{{ [1][0] }}',
    'a {{ inputs.n }}',
  ],
);
const set = fc
  .dictionary(fc.constantFrom('n', 's', 'status', 'items', 'count', 'done_count'), value, {
    minKeys: 1,
    maxKeys: 3,
  })
  .map((values): JsonObject => ({ set: values }));
const condition = fc.constantFrom<Json>('{{ inputs.flag }}', '{{ inputs.other }}', true, false);
const breaking: JsonObject = { set: { n: '{{ inputs.maybe + 1 }}' } };

const { steps } = fc.letrec<{ steps: JsonObject[] }>((tie) => {
  const body = tie('steps') as fc.Arbitrary<JsonObject[]>;
  const step = fc.oneof(
    { maxDepth: 2 },
    set,
    fc
      .record({ if: condition, then: body, else: body })
      .map((conditional): JsonObject => ({ conditional })),
    fc.record({ if: condition, then: body }).map((conditional): JsonObject => ({ conditional })),
    fc
      .tuple(fc.constantFrom<Json>([], [1, 'a'], '{{ inputs.list }}'), body, fc.boolean())
      .map(([foreach, inside, go]): JsonObject => ({
        foreach,
        steps: inside,
        ...(go && { item_error: 'continue' }),
      })),
    body.map((inside): JsonObject => ({
      while: '{{ inputs.flag and not (again ? true : false) }}',
      max_iterations: 3,
      steps: [...inside, { set: { again: true } }],
    })),
    body.map((inside): JsonObject => ({ parallel: [inside, { set: { n: 1 } }] })),
  );
  const handled = fc.oneof(
    { weight: 5, arbitrary: step },
    { weight: 1, arbitrary: fc.constant<JsonObject>({ ...breaking, on_error: 'continue' }) },
    { weight: 1, arbitrary: body.map((on_error): JsonObject => ({ ...breaking, on_error })) },
    {
      weight: 1,
      arbitrary: fc.constant<JsonObject>({ if: '{{ inputs.other }}', return: 'early' }),
    },
  );
  const guarded = fc
    .tuple(handled, fc.option(condition))
    .map(([each, test]) => (test === null || 'if' in each ? each : { if: test, ...each }));
  return { steps: fc.array(guarded, { minLength: 1, maxLength: 4 }) };
});

/** Names for the first steps, wherever they stand. */
function named(all: JsonObject[], names = ['a', 'b', 'c', 'd', 'e']): JsonObject[] {
  return all.map((step) => {
    const name = names.shift();
    const inner = Object.entries(step).map(([key, each]): [string, Json] => [
      key,
      key === 'steps' || key === 'on_error' || key === 'parallel' ? below(each, names) : each,
    ]);
    return { ...(name !== undefined && { name }), ...Object.fromEntries(inner) };
  });
}

const below = (value: Json, names: string[]): Json =>
  Array.isArray(value)
    ? value.map((each) =>
        Array.isArray(each)
          ? named(each as JsonObject[], names)
          : (named([each as JsonObject], names)[0] as Json),
      )
    : value;

const directive = (all: JsonObject[], last: Json): string =>
  stringify({
    name: 'test',
    version: '1.0.0',
    description: 'A test',
    permissions: [],
    inputs: {
      flag: { type: 'boolean' },
      other: { type: 'boolean' },
      n: { type: 'number' },
      some: { type: 'object' },
      maybe: { type: 'integer', required: false },
      list: { type: 'array' },
    },
    steps: [...all, { name: 'last', return: last }],
  });

const inputs = fc.record(
  {
    flag: fc.boolean(),
    other: fc.boolean(),
    n: fc.integer(),
    some: fc.constantFrom<JsonObject>({}, { n: 1 }, { n: 'a' }),
    maybe: fc.integer(),
    list: fc.constantFrom<Json[]>([], [1], ['a', null]),
  },
  { requiredKeys: ['flag', 'other', 'n', 'some', 'list'] },
);

describe('types of what steps leave behind', () => {
  it('are those of the values that a run comes to', () => {
    let certain = 0;
    const property = fc.property(
      steps.map((all) => named(all)),
      fc.constantFrom(...PATHS),
      fc.constantFrom(...Object.keys(PROBES)),
      fc.array(inputs, { minLength: 4, maxLength: 4 }),
      (all, path, kind, runs) => {
        const probe = directive(all, `{{ ${PROBES[kind]!(path)} }}`);
        const found = compileDirective(probe, CATALOG).diagnostics;
        const errors = found.filter(({ severity }) => severity === 'error');
        if (errors.length !== 1 || errors[0]!.code !== 'expression_fails') return;
        const { plan } = compileDirective(directive(all, { at: `{{ ${path} }}` }), CATALOG);
        if (!plan) return;
        certain++;
        for (const given of runs) {
          const { status, result } = ask(plan, given as JsonObject, () => null);
          if (status === 'error' || result === 'early') continue;
          const at = (result as JsonObject).at!;
          if (HOLDS[kind]!(at))
            throw new Error(`${errors[0]!.message}; yet it is ${JSON.stringify(at)}:\n${probe}`);
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
    expect(certain).toBeGreaterThan(40);
  });
});
