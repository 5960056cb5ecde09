import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mission as call } from '../support/cli.js';

const HERE = import.meta.dirname;
const EXAMPLES = join(HERE, '../../../directives/examples');
const INVOICES = join(HERE, '../../../examples/invoices');

/** Each step names what it uses only when it runs. */
const GRANTED = `name: granted
version: 1.0.0
description: Uses what its inputs name
inputs: { server: { type: string }, event: { type: string }, model: { type: string } }
permissions: ['execute:mcp_gateway:everything', 'write:events:order.*', 'execute:models:default']
steps:
  - { name: call, mcp: { server: '{{ inputs.server }}', tool: t } }
  - { name: tell, emit: '{{ inputs.event }}' }
  - { name: ask, llm: { prompt: x, model: '{{ inputs.model }}' } }
  - return: done
`;

let project: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'mission-test-'));
  cpSync(EXAMPLES, join(project, '.ai/directives'), { recursive: true });
  cpSync(join(EXAMPLES, 'scripts'), join(project, '.ai/scripts'), { recursive: true });
  mkdirSync(join(project, '.ai/tests'));
  for (const name of ['kinds', 'broken']) {
    cpSync(join(HERE, `${name}.test.yaml`), join(project, `.ai/tests/${name}.test.yaml`));
  }
  const head = 'name: x\nversion: 1.0.0\nsteps:';
  writeFileSync(join(project, '.ai/tests/broken.yaml'), `${head} []\n`);
  writeFileSync(join(project, '.ai/tests/waits.yaml'), `${head}\n  - wait: { signal: go }\n`);
  writeFileSync(join(project, '.ai/directives/granted.yaml'), GRANTED);
  const model = '{ provider: anthropic, model: x, api_key: k }';
  const servers = 'mcp_servers: { everything: { command: x } }';
  writeFileSync(join(project, 'mission.yaml'), `${servers}\nmodels: { default: ${model} }\n`);
  env = { MISSION_PROJECT: project, MISSION_HOME: join(project, 'home') };
});
afterAll(() => rmSync(project, { recursive: true }));

const mission = (...argv: string[]) => call(argv, env);
const testsOf = (name: string) => join(project, `.ai/tests/${name}.test.yaml`);

describe('mission test', () => {
  test('runs every kind of step', async () => {
    const { exit, out, err } = await mission('test', testsOf('kinds'));
    expect({ failed: out.split('\n').filter((line) => !line.includes('✓')), err }).toEqual({
      failed: [testsOf('kinds'), expect.stringMatching(/^\d+ passed, 0 failed$/), ''],
      err: '',
    });
    expect(exit).toBe(0);
  });

  test('runs the tests of the example project', async () => {
    const invoices = { MISSION_PROJECT: INVOICES, MISSION_HOME: join(project, 'home') };
    const { exit, out } = await call(['test'], invoices);
    expect(out).toMatch(/\n\d+ passed, 0 failed\n$/);
    expect(exit).toBe(0);
  });

  /** `UPDATE_TESTS=1 npm test -- test/cli/rehearsal` writes what is said. */
  test('says what was expected, what came, where, and what to do', async () => {
    const { exit, out } = await mission('test', testsOf('broken'));
    const said = out.replaceAll(project, 'PROJECT').replace(/ \(\d+ ms\)/g, '');
    const file = join(HERE, 'broken.expected.txt');
    if (process.env['UPDATE_TESTS']) writeFileSync(file, said);
    expect(said).toBe(readFileSync(file, 'utf8'));
    expect(exit).toBe(1);
  });

  test('as JSON, filtered', async () => {
    const { exit, out } = await mission(
      'test',
      testsOf('broken'),
      '--filter',
      'ANOTHER R',
      '--json',
    );
    expect(JSON.parse(out)).toEqual({
      files: [
        {
          file: testsOf('broken'),
          diagnostics: [],
          tests: [
            {
              name: 'another result',
              line: 3,
              passed: false,
              duration_ms: expect.any(Number),
              failures: [
                {
                  line: 5,
                  message: 'result',
                  expected: '24 with tax',
                  got: '23.4 with tax',
                  diff: ['- 24 with tax', '+ 23.4 with tax'],
                },
              ],
            },
          ],
        },
      ],
      passed: 0,
      failed: 1,
    });
    expect(exit).toBe(1);
  });

  const write = (name: string, text: string) => {
    const file = join(project, name);
    writeFileSync(file, text);
    return file;
  };

  test('every mistake of a file at once, with its place', async () => {
    const text = [
      'tests:',
      '  - name: a',
      '    inptus: {}',
      '    now: yesterday',
      '    given: { x: { result: 1, eror: 2 }, y: { decision: maybe }, z: { by: me } }',
      '    expect: { path: one, stpes: {} }',
      '  - nam: b',
    ].join('\n');
    const { exit, out } = await mission('test', write('wrong.test.yaml', text), '--json');
    const { diagnostics } = JSON.parse(out).files[0] as { diagnostics: Record<string, string>[] };
    expect(diagnostics.map((each) => `${each.line} ${each.code} ${each.hint ?? ''}`)).toEqual([
      '3 unknown_key did you mean "inputs"?',
      '5 unknown_key did you mean "error"?',
      '5 invalid_value ',
      '5 missing_key add decision:',
      '6 invalid_type ',
      '6 unknown_key did you mean "steps"?',
      '7 unknown_key did you mean "name"?',
      '7 missing_key add name:',
      '7 missing_key add expect:',
    ]);
    expect(exit).toBe(1);
  });

  test('a number that its value does not hold', async () => {
    const expected = '{ result: [1e400, "9007199254740993", 9007199254740993] }';
    const text = ['tests:', '  - name: a', '    directive: set', `    expect: ${expected}`];
    const { exit, out } = await mission(
      'test',
      write('large.test.yaml', text.join('\n')),
      '--json',
    );
    const { diagnostics } = JSON.parse(out).files[0] as { diagnostics: Record<string, string>[] };
    expect(diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '4:24 invalid_number',
      '4:51 invalid_number',
    ]);
    expect(exit).toBe(1);
  });

  test('wrong use', async () => {
    expect(await mission('test', join(project, 'nowhere'))).toMatchObject({ exit: 2 });
    expect(await mission('test', join(project, '.ai/scripts'))).toMatchObject({
      exit: 2,
      err: expect.stringContaining('NAME.test.yaml'),
    });
    expect(await mission('test', testsOf('kinds'), '--filter', 'zzz')).toMatchObject({ exit: 2 });
  });
});
