import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { printApiSchema } from '../../src/api/graphql/print-schema.js';

const FILE = join(import.meta.dirname, '../../schema.graphql');

/** `UPDATE_SCHEMA=1 npm test -- test/api/schema` writes the file. */
test('schema.graphql is what the resolvers say', async () => {
  const schema = await printApiSchema();
  if (process.env['UPDATE_SCHEMA']) await writeFile(FILE, schema);
  expect(await readFile(FILE, 'utf8')).toBe(schema);
});
