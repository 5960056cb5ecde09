import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { readYaml } from '../../../src/platform/files/read-yaml.js';

const SCHEMA = z.strictObject({
  name: z.string('must be a text'),
  sizes: z.record(z.string(), z.number('must be a number')).default({}),
});
const read = (text: string) => readYaml<unknown>(text, SCHEMA, 'docs/page.md');

test('a good text gives its value', () => {
  expect(read('name: a\nsizes: { small: 1 }\n')).toEqual({
    value: { name: 'a', sizes: { small: 1 } },
    faults: [],
  });
});

test.each([
  ['name: a\nsize: 1\n', 2, 'unknown key "size"', 'docs/page.md'],
  ['sizes:\n  small: 1\n', 1, 'name: must be a text', 'Correct it'],
  ['name: a\nsizes:\n  small: 1\n  big: much\n', 4, 'sizes.big: must be a number', 'Correct it'],
  ['name: [a\n', 2, 'Flow sequence', 'Correct the YAML'],
  ['name: { a: ${B} }\n', 1, '', "write '${NAME}' in quotes"],
  ['name: a\nsizes: { big: 9007199254740993 }\n', 2, '9007199254740993', 'Correct it'],
])('%j: line %i says %s', (text, line, message, hint) => {
  const { faults } = read(text);
  expect(faults[0]).toMatchObject({
    line,
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
});
