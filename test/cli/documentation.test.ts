import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import prettier from 'prettier';
import { COMMANDS } from '../../src/cli/commands.js';
import { cliReference } from '../../src/cli/reference.js';

const pathOf = (file: string) => join(import.meta.dirname, '../..', file);
const read = (file: string) => readFileSync(pathOf(file), 'utf8');

describe('documentation', () => {
  test('docs/configuration.md has every variable that is read', () => {
    const source =
      read('src/platform/config/config-environment.ts') +
      read('src/platform/config/config-client.ts');
    const names = new Set(
      source.match(/\b(?:MISSION|TEMPORAL|DATABASE|LOG)_[A-Z_]+\b|\bPORT\b|\bHOST\b/g),
    );
    const page = read('docs/configuration.md');
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  /** `UPDATE_CLI=1 npm test -- test/cli/documentation` writes it. */
  test('docs/cli.md is made of the commands', async () => {
    const file = pathOf('docs/cli.md');
    const style = await prettier.resolveConfig(file);
    const page = await prettier.format(cliReference(COMMANDS), { ...style, parser: 'markdown' });
    if (process.env['UPDATE_CLI']) writeFileSync(file, page);
    expect(readFileSync(file, 'utf8')).toBe(page);
  });
});
