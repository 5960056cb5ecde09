import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import prettier from 'prettier';
import { COMMANDS } from '../../src/cli/commands.js';
import { runCli } from '../../src/cli/program.js';
import { cliReference } from '../../src/cli/reference.js';

const pathOf = (file: string) => join(import.meta.dirname, '../..', file);
/** An example as the arguments of `mission`; ids are whole ones, which nobody has to be asked for. */
const argumentsOf = (example: string): string[] => {
  const [, call = ''] = example.split(/(?:^|\| |\w+=\S+ )mission /);
  const words = [...call.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
  return words.map((word) => (/^(last|[0-9a-f]{8})$/.test(word) ? ID : word));
};
const ID = '85bfe302-5f6e-4478-871f-c4ed4c20f08c';
const EXAMPLES = COMMANDS.flatMap(({ examples }) => examples);

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

  test.each(EXAMPLES)('%s is a call that is understood', async (example) => {
    let said = '';
    const sink = { write: (text: string) => ((said += text), true) };
    const called: string[][] = [];
    const loads = COMMANDS.map(({ load }) => load);
    for (const spec of COMMANDS)
      spec.load = async () => async (_session, args) => (called.push(args), 0);
    try {
      const exit = await runCli(argumentsOf(example), { out: sink, err: sink } as never, {});
      expect({ exit, said, calls: called.length }).toEqual({ exit: 0, said: '', calls: 1 });
    } finally {
      COMMANDS.forEach((spec, index) => (spec.load = loads[index]!));
    }
  });
});
