import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import prettier from 'prettier';
import { directiveSchema, testSchema } from '../../src/language/definition/json-schema.js';
import { FUNCTION_GUIDE } from '../../src/language/definition/function-guide.js';
import { referenceOf, testReference } from '../../src/language/definition/reference.js';
import { evaluate } from '../../src/language/expression/evaluate.js';
import { FUNCTIONS } from '../../src/language/expression/functions/functions.js';
import { scopeOf } from './scope.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
/** What stands before it is written by hand. */
const MARK =
  '<!-- From here on the page is generated: UPDATE_LANGUAGE=1 npm test -- test/language/generated -->';

const reference = () =>
  referenceOf({
    example: (name) => read(`directives/examples/${name}.yaml`),
    evaluate: (expression) => evaluate(expression, scopeOf({})),
  });

async function matches(file: string, text: string, parser: 'json' | 'markdown'): Promise<void> {
  const style = await prettier.resolveConfig(join(ROOT, file));
  const expected = await prettier.format(text, { ...style, parser });
  if (process.env['UPDATE_LANGUAGE']) writeFileSync(join(ROOT, file), expected);
  expect(read(file)).toBe(expected);
}

/** `UPDATE_LANGUAGE=1 npm test -- test/language/generated` writes them. */
describe('files made of the definition of the language', () => {
  test('schema/directive.schema.json', () =>
    matches('schema/directive.schema.json', JSON.stringify(directiveSchema()), 'json'));

  test('schema/test.schema.json', () =>
    matches('schema/test.schema.json', JSON.stringify(testSchema()), 'json'));

  test.each([
    ['docs/directives.md', reference],
    ['docs/testing.md', testReference],
  ])('the reference in %s', (file, made) => {
    const page = read(file);
    expect(page).toContain(MARK);
    const [written] = page.split(MARK);
    return matches(file, `${written}${MARK}\n\n${made()}\n`, 'markdown');
  });
});

test('the guide has every function, and only those', () => {
  const explained = Object.values(FUNCTION_GUIDE).flatMap((guide) => Object.keys(guide));
  expect(explained.sort()).toEqual(Object.keys(FUNCTIONS).sort());
});
