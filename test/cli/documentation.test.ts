import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../../src/cli/commands.js';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

describe('documentation', () => {
  test('docs/configuration.md has every variable that is read', () => {
    const source =
      read('src/platform/config-environment.ts') + read('src/platform/config-client.ts');
    const names = new Set(
      source.match(/\b(?:MISSION|TEMPORAL|DATABASE|LOG)_[A-Z_]+\b|\bPORT\b|\bHOST\b/g),
    );
    const page = read('docs/configuration.md');
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test('docs/cli.md has every command', () => {
    const page = read('docs/cli.md').replaceAll('\\|', '|');
    const words = COMMANDS.map(({ usage }) => usage.split(/ [<[]/)[0]!.split(' '));
    const missing = words.filter(
      ([group, word]) => !page.includes(group!) || !page.includes(word ?? ''),
    );
    expect(missing).toEqual([]);
  });
});
