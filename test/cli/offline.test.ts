import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mission as call } from './support/cli.js';

const EXAMPLE = join(import.meta.dirname, '../../examples/invoices');
const REPORT = join(EXAMPLE, '.ai/directives/monthly_report.yaml');

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mission-cli-'));
  cpSync(EXAMPLE, folder, { recursive: true });
  env = { MISSION_PROJECT: folder, MISSION_HOME: join(folder, 'home') };
});
afterAll(() => rmSync(folder, { recursive: true }));

const mission = (...argv: string[]) => call(argv, env);

function write(name: string, text: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('a mistake far right in a long line is shown with what stands around it', async () => {
  const long = `a: "${'x'.repeat(300)}{{ inputs.nope }} end"`;
  const file = write('long.yaml', `name: long\nversion: 1.0.0\nsteps:\n  - set: { ${long} }\n`);
  const { err } = await mission('validate', file);
  const lines = err.split('\n');
  const at = lines.findIndex((line) => line.includes('no input "nope"'));
  const [text, caret] = [lines[at + 1]!, lines[at + 2]!];
  expect(text.length).toBeLessThan(180);
  expect(text).toContain('| …x');
  expect(text.slice(caret.indexOf('^'))).toMatch(/^inputs\.nope }} end"/);
});

describe('help', () => {
  test('names every group, and the exit codes', async () => {
    const { exit, out } = await mission('--help');
    expect(exit).toBe(0);
    for (const word of [
      'up',
      'doctor',
      'validate',
      'plan',
      'run',
      'executions',
      'directives',
      'mcp',
      'logs',
    ])
      expect(out).toContain(`\n  ${word}`);
    expect(out).toContain('3 Mission Control cannot be reached');
  });

  test('of a command has examples', async () => {
    const { exit, out } = await mission('run', '--help');
    expect(exit).toBe(0);
    expect(out).toContain('mission run heal_mcp_connection --input mcp_id=everything');
  });

  test.each([
    [['rn'], 'Did you mean run?'],
    [['executions', 'lst'], 'Did you mean list?'],
    [['validate', '--jsn', 'a.yaml'], 'Did you mean --json?'],
    [['validate'], "missing required argument 'file'"],
    [['plan', 'a', 'b'], 'too many arguments'],
  ])('%j is wrong use', async (argv, message) => {
    const { exit, out, err } = await mission(...argv);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(message);
  });

  test('wrong use is told as JSON too', async () => {
    const { exit, out } = await mission('run', '--json');
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { code: 'usage', message: "missing required argument 'name-or-file'" },
    });
  });
});

describe('validate', () => {
  test('the example has no error and no warning', async () => {
    expect(await mission('validate', REPORT)).toEqual({
      exit: 0,
      out: `${REPORT}: valid\n`,
      err: '',
    });
  });

  test('a file is checked against the project that it lies in', async () => {
    const elsewhere = { ...env, MISSION_PROJECT: tmpdir() };
    expect(await call(['validate', REPORT], elsewhere)).toMatchObject({ exit: 0, err: '' });
    expect(await call(['plan', REPORT], elsewhere)).toMatchObject({ exit: 0, err: '' });
    expect((await call(['plan', 'monthly_report'], elsewhere)).exit).toBe(2);
  });

  test('a warning does not fail a file', async () => {
    const file = write('warned.yaml', 'name: warned\nversion: 1.0.0\nsteps: [{ set: { a: 1 } }]\n');
    const { exit, out, err } = await mission('validate', file);
    expect(exit).toBe(0);
    expect(out).toBe(`${file}: valid, 2 warnings\n`);
    expect(err).toContain(`${file}:1:1 warning missing_permissions`);
  });

  test('every mistake is shown with line, caret and hint', async () => {
    const file = write('bad.yaml', 'name: bad\nversion: 1.0.0\nsteps:\n  - scrpt: list_exports\n');
    const { exit, err } = await mission('validate', file);
    expect(exit).toBe(1);
    expect(err).toContain(
      [
        `${file}:4:5 error unknown_kind there is no kind of step "scrpt"`,
        '  4 |   - scrpt: list_exports',
        '    |     ^',
        '  hint: did you mean "script"?',
      ].join('\n'),
    );
  });

  test('--json has one object for all files; what cannot be read is a diagnostic', async () => {
    const files = [
      REPORT,
      join(folder, 'missing.yaml'),
      folder,
      write('latin1.yaml', Buffer.from([0xe9, 0x0a])),
    ];
    const { exit, out } = await mission('validate', '--json', ...files);
    expect(exit).toBe(1);
    const { files: found } = JSON.parse(out);
    expect(found[0]).toEqual({ file: REPORT, valid: true, diagnostics: [] });
    expect(found.slice(1)).toMatchObject([
      {
        valid: false,
        diagnostics: [{ code: 'file_unreadable', severity: 'error', line: 1, column: 1 }],
      },
      {
        valid: false,
        diagnostics: [{ code: 'file_unreadable', message: expect.stringContaining('directory') }],
      },
      { valid: false, diagnostics: [{ code: 'not_utf8' }] },
    ]);
  });

  test('- is standard input', async () => {
    const { exit, out } = await call(['validate', '-', '--json'], env, { stdin: 'name: x\n' });
    expect(exit).toBe(1);
    expect(JSON.parse(out).files[0]).toMatchObject({ file: '-', valid: false });
  });

  test('a faulty mission.yaml is told and does not stop the check', async () => {
    const config = write(
      'faulty.yaml',
      'mcp_servers: { a: { command: x, env: { T: "${NOT_SET}" } } }\n',
    );
    const { exit, err } = await call(['validate', REPORT], { ...env, MISSION_CONFIG: config });
    expect(exit).toBe(0);
    expect(err).toContain('${NOT_SET} is not set');
  });

  test('a faulty environment is wrong use', async () => {
    const { exit, err } = await call(['validate', REPORT], { ...env, PORT: 'http' });
    expect(exit).toBe(2);
    expect(err).toContain('PORT: "http": is not a port');
  });
});

describe('init', () => {
  test('makes a folder a project whose directive is valid and tested, and keeps what is there', async () => {
    const project = join(folder, 'fresh');
    const first = await mission('init', project, '--json');
    expect(first.exit).toBe(0);
    const { written, kept } = JSON.parse(first.out);
    expect(kept).toEqual([]);
    expect(written).toEqual([
      '.ai/directives/hello.yaml',
      '.ai/scripts/greet.js',
      '.ai/tests/hello.test.yaml',
      'mission.yaml',
      '.ai/directive.schema.json',
      '.ai/test.schema.json',
    ]);
    const inside = (...argv: string[]) => call(argv, { ...env, MISSION_PROJECT: project });
    expect((await inside('lint', join(project, '.ai'))).exit).toBe(0);
    expect((await inside('test', join(project, '.ai/tests'))).exit).toBe(0);
    writeFileSync(join(project, 'mission.yaml'), 'limits: { iterations: 5 }\n');
    const again = JSON.parse((await mission('init', project, '--json')).out);
    expect(again).toMatchObject({ written: [], kept: written.slice(0, 4) });
    expect(readFileSync(join(project, 'mission.yaml'), 'utf8')).toContain('iterations: 5');
  });

  test('names a folder elsewhere by its whole path', async () => {
    const project = join(folder, 'elsewhere');
    expect((await mission('init', project)).err).toContain(`  cd ${project}\n`);
  });

  test('says which folder cannot be written', async () => {
    const file = write('a-file', '');
    const { exit, err } = await mission('init', join(file, 'below'));
    expect(exit).toBe(1);
    expect(err).toContain(join(file, 'below'));
    expect(err).toContain('mission init FOLDER');
  });
});

describe('lint and directives new', () => {
  test('what is written for authors has nothing to it, and its test passes', async () => {
    const { exit, out } = await mission('directives', 'new', 'fresh_start', '--json');
    expect(exit).toBe(0);
    const ai = (file: string) => join(folder, '.ai', file);
    expect(JSON.parse(out).files).toEqual([
      ai('directives/fresh_start.yaml'),
      ai('tests/fresh_start.test.yaml'),
      ai('directive.schema.json'),
      ai('test.schema.json'),
    ]);
    expect(readFileSync(ai('directive.schema.json'), 'utf8')).toBe(
      readFileSync(join(EXAMPLE, '../../schema/directive.schema.json'), 'utf8'),
    );
    const linted = await mission('lint', ai('directives/fresh_start.yaml'));
    expect(linted).toMatchObject({ exit: 0, err: '' });
    expect((await mission('test', ai('tests/fresh_start.test.yaml'))).exit).toBe(0);
    expect((await mission('directives', 'new', 'fresh_start')).exit).toBe(2);
    expect((await mission('directives', 'new', 'Fresh')).exit).toBe(2);
    const again = await mission('directives', 'new', 'another', '--json');
    expect(JSON.parse(again.out).files).toHaveLength(2);
  });

  test('a warning fails, an info does not; folders hold directives and tests', async () => {
    const file = write(
      'opinions.yaml',
      'name: opinions\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps:\n  - approve: { expiry_seconds: 5 }\n',
    );
    expect(await mission('lint', file)).toMatchObject({
      exit: 0,
      err: expect.stringContaining('info unnamed_question'),
    });
    write(
      'opinions.yaml',
      'name: opinions\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps:\n  - { name: a, wait: { event: b } }\n',
    );
    const { exit, out } = await mission('lint', file, '--json');
    expect(exit).toBe(1);
    expect(JSON.parse(out).files).toEqual([
      {
        file,
        valid: true,
        diagnostics: [expect.objectContaining({ code: 'endless_wait', line: 6 })],
      },
    ]);
    const all = JSON.parse((await mission('lint', '--json')).out).files as { file: string }[];
    expect(all.map((each) => each.file).filter((each) => each.includes('monthly_report'))).toEqual([
      expect.stringContaining('.ai/tests/monthly_report.test.yaml'),
      expect.stringContaining('.ai/directives/monthly_report.yaml'),
    ]);
  });
});

describe('plan', () => {
  test('shows steps, how they run, rights and the worst case', async () => {
    const { exit, out, err } = await mission('plan', 'monthly_report');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('monthly_report@1.0.0\nFold a month of CSV exports into one report\n');
    expect(out).toMatch(/\n {2}each: sum_export +script +own +10 s +sum_export\n/);
    expect(out).toMatch(/\nas planned +50\d /);
    expect(out).toMatch(/\nwith trace: step +50\d /);
    expect(out).toContain('Up to 4 steps at the same time.');
  });

  test('of a system directive tells own steps and the rights that they need', async () => {
    const { exit, out } = await mission('plan', 'heal_mcp_connection', '--json');
    expect(exit).toBe(0);
    const found = JSON.parse(out);
    expect(found.rights).toEqual(['execute:mcp_gateway', 'read:mcps', 'write:logs']);
    expect(found.steps).toContainEqual(
      expect.objectContaining({ name: 'attempt_reconnect', runs: 'own', depth: 1 }),
    );
    expect(found.plan).toMatchObject({ name: 'heal_mcp_connection', version: 1 });
  });

  test('of an invalid file shows its mistakes', async () => {
    const file = write('worse.yaml', 'name: worse\n');
    const { exit, out, err } = await mission('plan', file);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toContain('error missing_key');
  });

  test('two versions are compared, and what they cost', async () => {
    const edited = readFileSync(REPORT, 'utf8')
      .replace('version: 1.0.0', 'version: 1.1.0')
      .replace('concurrency: 4', 'concurrency: 8');
    const file = write('newer.yaml', edited);
    const { exit, out } = await mission('plan', '--diff', 'monthly_report', file);
    expect(exit).toBe(0);
    expect(out).toContain('monthly_report@1.0.0 → monthly_report@1.1.0\n');
    expect(out).toContain('~ sum_exports (foreach)\n      concurrency: 4 → 8\n');
    expect(out).toMatch(/\nsteps at the same time +4 +8\n/);
    const found = JSON.parse(
      (await mission('plan', '--diff', 'monthly_report@1.0.0', file, '--json')).out,
    );
    expect(found).toMatchObject({ added: [], removed: [], version: ['1.0.0', '1.1.0'] });
    expect(found.cost.before).toMatchObject({ lanes: 4, scripts: expect.any(Array) });
    expect(found.cost.after).toMatchObject({ lanes: 8 });
    const same = await mission('plan', '--diff', 'monthly_report', REPORT);
    expect(same.out).toContain('the two plans do the same\n\nCost and permissions are the same.');
  });

  test('of nothing is wrong use', async () => {
    expect(await mission('plan')).toMatchObject({ exit: 2 });
    const elsewhere = { ...env, MISSION_URL: 'http://127.0.0.1:1' };
    const { exit } = await call(['plan', '--diff', 'monthly_report@0.1.0', REPORT], elsewhere);
    expect(exit).toBe(3);
  });

  test('of an unknown name says which there are', async () => {
    const { exit, err } = await mission('plan', 'nope');
    expect(exit).toBe(2);
    expect(err).toContain('there is no directive nope in this project');
    expect(err).toContain('monthly_report');
  });
});

describe('without a running Mission Control', () => {
  const nowhere = { MISSION_URL: 'http://127.0.0.1:1' };

  test.each([
    [['run', 'monthly_report']],
    [['run', REPORT]],
    [['executions', 'list']],
    [['executions', 'watch', 'x']],
    [['directives', 'show', 'x']],
    [['mcp', 'call', 'a', 'b']],
    [['logs']],
  ])('%j exits 3 and says how to start it', async (argv) => {
    const { exit, out, err } = await call([...argv, '--json'], { ...env, ...nowhere });
    expect(exit).toBe(3);
    expect(err).toContain('start it with mission up');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'unavailable' } });
  });

  test('a faulty file and wrong inputs are found before', async () => {
    const file = write('faulty_run.yaml', 'name: faulty_run\n');
    expect((await call(['run', file], { ...env, ...nowhere })).exit).toBe(1);
    const { exit, err } = await call(['run', REPORT, '--input', 'review_over=much'], {
      ...env,
      ...nowhere,
    });
    expect(exit).toBe(2);
    expect(err).toContain('--input review_over must be a number, but "much" is not');
  });
});
