import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { isAlive, until, Workbench } from './workbench.js';

let bench: Workbench;
beforeAll(() => {
  bench = new Workbench();
});
afterAll(() => bench.close());

let count = 0;
const script = (ending: string, source: string) =>
  bench.script(`script_${(count += 1)}.${ending}`, source);
const js = (body: string) =>
  script('js', `export default async ({ inputs, context }) => { ${body} };`);
const py = (...lines: string[]) =>
  script('py', ['def execute(context, params):', ...lines.map((l) => `    ${l}`)].join('\n'));
const sh = (source: string) => script('sh', source);

describe('a script that fails', () => {
  const DEEP: [string, string, string, string][] = [
    [
      'js',
      `const c = () => { throw new TypeError('no stock') };\nconst b = () => c();\nexport default () => { console.error('before'); b(); };`,
      'TypeError: no stock',
      'default',
    ],
    [
      'ts',
      `enum Stock { None = 'no stock' }\n\n\n\nfunction c(): never { throw new RangeError(Stock.None) }\nfunction b(): void { c(); }\nexport default () => { console.error('before'); b(); };`,
      'RangeError: no stock',
      'default',
    ],
    [
      'py',
      `import sys\ndef c(): raise ValueError("no stock")\ndef b(): c()\ndef execute(context, params):\n    print("before", file=sys.stderr)\n    b()`,
      'ValueError: no stock',
      'execute',
    ],
  ];

  test.each(DEEP)(
    'says what and where, in one entry of the log: %s',
    async (ending, source, words, entry) => {
      const made = script(ending, source);
      bench.logs.length = 0;
      const error = await bench.failure(made);
      const lineOf = (text: string) =>
        source.split('\n').findIndex((line) => line.includes(text)) + 1;
      const file = `${made.name}.${ending}`;
      const thrown =
        lineOf('no stock') === 1 && ending === 'ts' ? lineOf('function c') : lineOf('no stock');
      const at = `${file}:${thrown}`;
      const last = source.split('\n').length;
      const trace = [`c (${at})`, `b (${file}:${thrown + 1})`, `${entry} (${file}:${last})`];
      expect(error).toMatchObject({ code: 'script_error', message: `${words} (${at})` });
      expect(error.data).toEqual({ at, trace, stderr: 'before\n' });
      expect(bench.logs).toEqual([
        { level: 'warn', message: 'before', data: undefined },
        { level: 'warn', message: `${words} (${at})`, data: { trace } },
      ]);
    },
  );

  test('a plain error keeps its words, which directives may compare; a KeyError is told with its type', async () => {
    const plain = js(`throw new Error('no stock')`);
    bench.logs.length = 0;
    const at = `${plain.name}.js:1`;
    expect(await bench.failure(plain)).toMatchObject({ message: 'no stock', data: { at } });
    expect(bench.logs).toMatchObject([{ level: 'warn', message: `no stock (${at})` }]);
    const key = py('return params["k"]');
    expect((await bench.failure(key)).message).toBe(`KeyError: 'k' (${key.name}.py:2)`);
  });

  test('an error in a helper is told by the helper’s line', async () => {
    bench.write(
      '.ai/scripts/lib/deep.ts',
      '\n\nexport const deep = () => { throw new Error("deep") };',
    );
    const made = script(
      'ts',
      `import { deep } from './lib/deep.js';\nexport default () => deep();`,
    );
    const error = await bench.failure(made);
    expect(error.message).toBe('deep');
    expect(error.data).toEqual({
      at: 'lib/deep.ts:3',
      trace: ['deep (lib/deep.ts:3)', `default (${made.name}.ts:2)`],
    });
  });

  test.each([
    [
      'js',
      `throw new Error('could not save', { cause: new RangeError('the disk is full', { cause: 'quota' }) })`,
      'could not save: the disk is full',
    ],
    [
      'js',
      `throw new AggregateError([new Error('first'), new Error('second')], 'all failed')`,
      'all failed: first: second',
    ],
    ['js', `const e = new Error('round'); e.cause = e; throw e`, 'round'],
    ['js', `throw new Error('HTTP 500: busy', { cause: new Error('busy') })`, 'HTTP 500: busy'],
    [
      'js',
      `await fetch('http://127.0.0.1:9/')`,
      'fetch failed: bad port (the port was refused by fetch',
    ],
    ['js', `await fetch('http://127.0.0.1:1/')`, 'bad port'],
    ['js', `await fetch('http://127.0.0.1:3/')`, 'fetch failed: connect ECONNREFUSED 127.0.0.1:3'],
    [
      'py',
      `try:\n        {}["k"]\n    except KeyError as e:\n        raise RuntimeError("could not save") from e`,
      "RuntimeError: could not save: KeyError: 'k'",
    ],
  ])('its causes are in its words: %s %s', async (ending, body, message) => {
    const error = await bench.failure(ending === 'py' ? py(body) : js(body));
    expect(error.message).toContain(message);
    expect(error.code).toBe('script_error');
  });

  test.each([
    [
      'js',
      `export default () => { throw Object.assign(new Error('gone'), { code: 'order_gone', retryable: false, data: { id: 7 } }) }`,
    ],
    [
      'py',
      `class Gone(Exception):\n    code = "order_gone"\n    retryable = False\n    data = {"id": 7}\n\ndef execute(context, params):\n    raise Gone("gone")`,
    ],
    [
      'sh',
      `echo '{"error": {"message": "gone", "code": "order_gone", "retryable": false, "data": {"id": 7}}}'; exit 1`,
    ],
  ])('its own code, data and retryable: %s', async (ending, source) => {
    const error = await bench.failure(script(ending, source));
    expect(error).toMatchObject({ code: 'order_gone', message: 'gone', retryable: false });
    expect(error.data).toMatchObject({ id: 7 });
  });

  test.each(['internal', 'cancelled', 'steps_exceeded', 'ENOENT', 'Bad Code'])(
    'it cannot claim the code %s',
    async (code) => {
      const source = `throw Object.assign(new Error('x'), { code: '${code}' })`;
      expect((await bench.failure(js(source))).code).toBe('script_error');
    },
  );

  test.each([
    ['throw "text"', 'text'],
    ['throw undefined', 'undefined'],
    ['throw new TypeError()', 'TypeError'],
    ['throw null', 'null'],
  ])('%s', async (body, message) => {
    const error = await bench.failure(js(body));
    expect(error.code).toBe('script_error');
    expect(error.message.replace(/ \(script_\d+\.js:1\)$/, '')).toBe(message);
  });

  test('an uncaught error in a callback fails the call that is under way', async () => {
    const body = `setTimeout(() => { throw new Error('late') }, 5); await new Promise(() => {})`;
    expect(await bench.failure(js(body))).toMatchObject({
      code: 'script_error',
      message: 'late',
      data: { at: expect.stringMatching(/^script_\d+\.js:1$/) },
    });
  });

  test('an unhandled rejection too', async () => {
    const body = `Promise.reject(new Error('nobody cares')); await new Promise((r) => setTimeout(r, 2_000)); return {}`;
    expect(await bench.failure(js(body))).toMatchObject({
      message: expect.stringMatching(/^nobody cares/),
    });
  });

  test.each([
    ['js', `console.error('bad config'); process.exit(3)`],
    ['py', `import sys; print('bad config', file=sys.stderr); sys.exit(3)`],
    ['sh', `echo 'bad config' >&2; exit 3`],
  ])('exit 3: %s', async (ending, body) => {
    const made = ending === 'js' ? js(body) : ending === 'py' ? py(body) : sh(body);
    const error = await bench.failure(made);
    expect(error.code).toBe('script_error');
    expect(error.message).toBe(
      `script '${made.name}': the script's process ended (exit 3): bad config`,
    );
    expect(error.data).toMatchObject({ exit_code: 3, stderr: 'bad config\n' });
  });

  test('bash tells the command that failed, and its line', async () => {
    const source = `#!/usr/bin/env bash
set -e
if false; then exit 9; fi
(exit 4) || echo "goes \\"on\\""
grep "a \\"b\\"" /dev/null
echo '{}'`;
    const made = sh(source);
    const error = await bench.failure(made);
    expect(error.message).toBe(
      `script '${made.name}': the script's process ended (exit 1, ${made.name}.sh:5: grep "a \\"b\\"" /dev/null)`,
    );
    expect(error.data).toEqual({ exit_code: 1, signal: null, at: `${made.name}.sh:5` });
    const inside = sh(`#!/bin/bash\nset -eu\nf() {\n  false | grep x\n}\nf`);
    expect((await bench.failure(inside)).message).toContain(`.sh:6: grep x (in f))`);
    const said = sh(`#!/bin/bash\nfalse\necho 'bad config' >&2\nexit 3`);
    expect((await bench.failure(said)).message).toContain('ended (exit 3): bad config');
    expect(await bench.run(sh(`#!/bin/bash\nfalse\nbash -c false\necho '{}'`))).toEqual({});
  });

  test('a runner killed in the middle of a call; the next call gets another', async () => {
    const made = js(
      `if (inputs.die) process.kill(process.pid, 'SIGKILL'); return { pid: process.pid }`,
    );
    const before = await bench.run(made);
    const error = await bench.failure(made, { die: true });
    expect(error.code).toBe('script_error');
    expect(error.message).toContain("the script's process ended (signal SIGKILL)");
    expect(await bench.run(made)).not.toEqual(before);
  });

  test('only the last 4 KiB of stderr are kept', async () => {
    const error = await bench.failure(
      sh(`head -c 100000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 1`),
    );
    const { stderr } = error.data as { stderr: string };
    expect(stderr).toHaveLength(4096);
    expect(stderr.endsWith('xend\n')).toBe(true);
  });
});

describe('a script that does not load', () => {
  test.each([
    ['js', 'export default 7', 'no default export that is a function'],
    ['js', 'export default (', 'Unexpected end of input'],
    ['js', `import './nowhere.js'; export default () => ({})`, 'nowhere.js'],
    ['js', `throw new Error('at the top')`, 'at the top'],
    ['ts', 'const a = 1;\nconst b = ;\nexport default () => ({})', 'Expression expected (script_'],
    ['js', 'const a = 1;\nconst b = ;\nexport default () => ({})', "Unexpected token ';' (script_"],
    ['mjs', 'const a = 1;\nconst b = ;', "SyntaxError: Unexpected token ';' (script_"],
    ['cjs', 'const a = 1;\nconst b = ;', "Unexpected token ';' (script_"],
    [
      'js',
      `import { nope } from 'node:fs';\nexport default () => ({})`,
      "export named 'nope' (script_",
    ],
    ['ts', `\nimport '@/lib/x';\nexport default () => ({})`, 'aliases are not taken (script_'],
    ['ts', `import './nowhere';\nexport default () => ({})`, 'there is no such file (script_'],
    [
      'ts',
      `@sealed\nclass A { constructor(private n: number) {} }\nexport default () => ({})`,
      'decorators are not taken',
    ],
    ['py', 'a = 1\nb = ;\n', 'SyntaxError: invalid syntax (script_'],
    ['py', 'execute = 7', "has no function 'execute'"],
    ['py', 'def execute(:', 'invalid syntax'],
    ['py', 'import nowhere', "No module named 'nowhere'"],
    ['js', 'process.exit(4)', '(exit 4)'],
  ])('%s: %s', async (ending, source, message) => {
    const error = await bench.failure(script(ending, source));
    expect(error.code).toBe('script_error');
    expect(error.message).toContain(message);
  });

  test.each(['js', 'py', 'sh'])('a file that is gone: %s', async (ending) => {
    const made = script(ending, '');
    rmSync(made.file);
    expect(await bench.failure(made)).toMatchObject({ code: 'script_not_available' });
  });

  test('an interpreter that is not there', async () => {
    const error = await bench.failure(sh('#!/usr/bin/nowhere\n'));
    expect(error.code).toBe('script_not_available');
    expect(error.message).toContain('/usr/bin/nowhere');
  });

  test('no Python', async () => {
    const own = new Workbench({}, { PATH: '/nowhere' });
    const error = await own.failure(own.script('lost.py', ''));
    await own.close();
    expect(error.code).toBe('script_not_available');
    expect(error.message).toContain('python3');
  });

  test('a top level that never ends is a timeout', async () => {
    const made = script(
      'js',
      'await new Promise((r) => setTimeout(r, 60_000)); export default () => ({})',
    );
    const own = new Workbench({ loadMs: 300 });
    const error = await own.failure(made);
    await own.close();
    expect(error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('was not loaded within 0.3 s'),
    });
  });
});

describe('a flood', () => {
  test.each([
    [
      'js print',
      () =>
        js(
          `const s = 'x'.repeat(1000); for (let i = 0; i < 50_000; i++) console.log(s); return {}`,
        ),
    ],
    [
      'js log',
      () =>
        js(
          `const s = 'x'.repeat(1000); for (let i = 0; i < 50_000; i++) context.log('info', s); return {}`,
        ),
    ],
    [
      'js raw',
      () =>
        js(
          `const { writeSync } = await import('node:fs'); const s = 'x'.repeat(10_000); for (let i = 0; i < 5_000; i++) writeSync(1, s); return {}`,
        ),
    ],
    ['py print', () => py('for i in range(50_000): print("x" * 1000)')],
    ['sh', () => sh('yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | head -c 50000000; echo "{}"')],
    ['sh one line', () => sh('head -c 50000000 /dev/zero; echo "{}"')],
    ['sh without end', () => sh('yes')],
  ])('%s of 50 MB is stopped while the platform goes on', async (_, make) => {
    let worst = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      worst = Math.max(worst, performance.now() - last);
      last = performance.now();
    }, 5);
    const error = await bench.failure(make());
    clearInterval(beat);
    expect(error).toMatchObject({ code: 'output_invalid' });
    expect(error.message).toContain('more than 1024 KiB');
    expect(worst).toBeLessThan(500);
  });
});

describe('a script that must stop', () => {
  const children = (file: string) => `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
export default async () => {
  const child = spawn('sh', ['-c', 'trap "" TERM; echo $$ > ${file}.inner; while :; do sleep 1; done']);
  writeFileSync('${file}', process.pid + ' ' + child.pid);
  for (;;) await new Promise((r) => setTimeout(r, 1000));
};`;

  test('timeout: the whole group is gone when the error arrives', async () => {
    const file = `${bench.project}/pids_timeout`;
    const made = script('js', children(file));
    const error = await bench.failure(made, {}, { timeoutMs: 700 });
    expect(error).toMatchObject({
      code: 'timeout',
      message: `script '${made.name}' did not finish within 0.7 s and was stopped; if it needs longer, raise the timeout of its step, such as "timeout_seconds: 2"`,
    });
    const [leader, child] = readFileSync(file, 'utf8').split(' ').map(Number) as [number, number];
    expect(isAlive(leader)).toBe(false);
    expect(await until(() => !isAlive(child), 1_000)).toBe(true);
  });

  test('timeout of a busy loop', async () => {
    expect(await bench.failure(js('for (;;);'), {}, { timeoutMs: 300 })).toMatchObject({
      code: 'timeout',
    });
    expect(await bench.failure(py('while True: pass'), {}, { timeoutMs: 300 })).toMatchObject({
      code: 'timeout',
    });
  });

  test('timeout of a shell with a child that ignores SIGTERM', async () => {
    const file = `${bench.project}/pids_shell`;
    const made = sh(`(trap '' TERM; while :; do sleep 1; done) & echo $! > ${file}; wait`);
    expect(await bench.failure(made, {}, { timeoutMs: 300 })).toMatchObject({ code: 'timeout' });
    const child = Number(readFileSync(file, 'utf8'));
    expect(await until(() => !isAlive(child), 1_000)).toBe(true);
  });

  test('a child that a shell leaves behind ends with it', async () => {
    const file = `${bench.project}/pid_left`;
    expect(await bench.run(sh(`sleep 60 & echo $! > ${file}; echo '{}'`))).toEqual({});
    expect(await until(() => !isAlive(Number(readFileSync(file, 'utf8'))), 1_000)).toBe(true);
  });

  test.each([
    ['js', () => js('await new Promise((r) => setTimeout(r, 60_000))')],
    ['py', () => py('import time; time.sleep(60)')],
    ['sh', () => sh('sleep 60')],
  ])('cancelled: %s', async (_, make) => {
    const abort = new AbortController();
    const failure = bench.failure(make(), {}, { signal: abort.signal });
    await sleep(300);
    const start = performance.now();
    abort.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test('cancelled before it began', async () => {
    const error = await bench.failure(sh('echo "{}"'), {}, { signal: AbortSignal.abort() });
    expect(error.code).toBe('cancelled');
  });
});

test.each([
  ['js', 'export default () => Object.keys(process.env)'],
  ['py', 'import os\ndef execute(c, p):\n    return list(os.environ)'],
  ['sh', `echo "{\\"value\\": [\\"$(env | cut -d= -f1 | paste -sd , | sed 's/,/","/g')\\"]}"`],
])('%s sees an allow-listed environment', async (ending, source) => {
  const own = new Workbench(
    {},
    { ...ENVIRONMENT, DATABASE_URL: 'secret', MISSION_API_KEY: 'secret' },
  );
  const { value } = await own.run(own.script(`env.${ending}`, source));
  await own.close();
  const ours = ['MISSION_ARTIFACTS_DIR', 'MISSION_SDK'];
  const madeByInterpreters = [...ours, 'LC_CTYPE', 'PWD', 'SHLVL', '_', 'OLDPWD'];
  const names = (value as string[]).filter((name) => !madeByInterpreters.includes(name));
  expect(names.sort()).toEqual(['HOME', 'PATH', 'TMPDIR', 'TZ']);
});

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/home/x', TZ: 'UTC' };
