import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { CATALOG } from './catalog.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const validate = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(read('schema/directive.schema.json')) as JsonObject,
);
const validateTests = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(read('schema/test.schema.json')) as JsonObject,
);
const problems = (directive: Json) => (validate(directive) ? [] : (validate.errors ?? []));

const TESTS = globSync('{examples/*/.ai/tests,test/cli/rehearsal}/*.test.yaml', { cwd: ROOT });
const FILES = globSync('{directives/{system,examples},examples/*/.ai/directives}/*.yaml', {
  cwd: ROOT,
});
const RULES = parse(read('test/language/compile/compile.rules.yaml')) as {
  file?: string;
  steps?: string;
}[];

/** Mistakes of the structure. */
const STRUCTURAL = [
  'unknown_key',
  'unknown_kind',
  'missing_key',
  'missing_action',
  'several_actions',
  'invalid_type',
  'invalid_name',
  'invalid_version',
  'invalid_value',
  'misplaced_key',
  'invalid_condition',
  'empty_steps',
  'unknown_type',
];
/** What of these only the parser can tell. */
const BEYOND = [
  'a while needs a maximum number of iterations',
  '"foreach" must be a name, an expression',
  'is not a valid name for an event',
  'is not a valid name for a signal',
  'must be a date',
  'is not allowed in',
  'cannot have a compensation',
];

/** Each step of a text by itself: one mistake must not hide that another goes unnoticed. */
const texts = RULES.flatMap(({ file, steps }) => {
  const source = file ?? `name: a\nversion: 1.0.0\nsteps:\n${steps}`;
  const whole = readable(source);
  const list = whole && Array.isArray(whole['steps']) ? whole['steps'] : [];
  return whole ? [whole, ...list.map((step) => ({ ...whole, steps: [step] }))] : [];
});

function readable(source: string): JsonObject | undefined {
  try {
    const value = parse(source) as Json;
    return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

describe('the JSON Schema', () => {
  it.each(FILES)('accepts %s', (file) => expect(problems(parse(read(file)) as Json)).toEqual([]));

  it.each(TESTS)('of tests accepts %s', (file) => {
    validateTests(parse(read(file)));
    expect(validateTests.errors).toBeNull();
  });

  it('accepts what the documentation shows', () => {
    const pages = globSync('{README.md,docs/**/*.md}', { cwd: ROOT }).map(read);
    const blocks = pages.flatMap((page) => [...page.matchAll(/^```yaml\n(.*?)^```/gms)]);
    const shown = blocks.map(([, text]) => parse(text!) as JsonObject);
    const directives = shown.filter((each) => each['name'] && each['steps']);
    const tests = shown.filter((each) => each['tests']);
    expect(directives.length).toBeGreaterThan(20);
    expect(tests.length).toBeGreaterThan(0);
    expect(directives.flatMap(problems)).toEqual([]);
    expect(tests.filter((each) => !validateTests(each))).toEqual([]);
  });

  it('of tests refuses what is misspelt', () => {
    expect(validateTests({ tests: [{ name: 'a', given: { b: { rsult: 1 } }, expect: {} }] })).toBe(
      false,
    );
  });

  it.each(texts.map((text) => [JSON.stringify(text), text] as const))('%s', (source, text) => {
    const { diagnostics } = compileDirective(source, CATALOG);
    const structural = diagnostics.filter(
      ({ code, message }) =>
        STRUCTURAL.includes(code) && !BEYOND.some((each) => message.includes(each)),
    );
    const refused = problems(text).map(({ instancePath, message }) => `${instancePath} ${message}`);
    if (structural.length > 0) expect({ structural, refused }).not.toMatchObject({ refused: [] });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (refused.length > 0) expect({ refused, errors }).not.toMatchObject({ errors: [] });
  });
});
