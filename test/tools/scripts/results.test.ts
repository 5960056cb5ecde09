import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { MissionError } from '../../../src/contracts/errors.js';
import type { ScriptCall } from '../../../src/contracts/script.js';
import { way } from './jailed.js';
import { Workbench } from './workbench.js';

let bench: Workbench;
beforeAll(() => {
  bench = new Workbench({}, undefined, way);
});
afterAll(() => bench.close());

let count = 0;
const next = (ending: string) => `script_${(count += 1)}.${ending}`;
const js = (expression: string) =>
  bench.script(next('js'), `export default async ({ inputs, context }) => (${expression});`);
const py = (...lines: string[]) =>
  bench.script(
    next('py'),
    ['def execute(context, params):', ...lines.map((l) => `    ${l}`)].join('\n'),
  );
const sh = (source: string) => bench.script(next('sh'), source);

describe('JavaScript and TypeScript', () => {
  test.each([
    ['{ a: 1, b: { c: [null] } }', { a: 1, b: { c: [null] } }],
    ['[1, 2]', [1, 2]],
    ['"text"', { value: 'text' }],
    ['7', { value: 7 }],
    ['undefined', { value: null }],
    ['null', { value: null }],
    ['new Date(0)', { value: '1970-01-01T00:00:00.000Z' }],
    ['inputs', { n: 3 }],
    ['{ a: null, b: undefined, c: [undefined] }', { a: null, c: [null] }],
    ['Object.assign(Object.create(null), { a: 1 })', { a: 1 }],
    ['new (class Order { id = 1; total() { return 2 } })()', { id: 1, total: undefined }],
    ['new (class Tags extends Map { toJSON() { return [...this.keys()] } })([["a", 1]])', ['a']],
    ['{ url: new URL("http://a.example/") }', { url: 'http://a.example/' }],
    ['(() => { const a = { n: 1 }; return { a, b: a }; })()', { a: { n: 1 }, b: { n: 1 } }],
  ])('%s', async (expression, result) => {
    const expected = Array.isArray(result) ? { value: result } : result;
    expect(await bench.run(js(expression), { n: 3 })).toEqual(expected);
  });

  test.each([
    ['{ a: NaN }', 'result.a is NaN: return null'],
    ['Infinity', 'result is Infinity'],
    ['{ a: 10n }', 'result.a is a BigInt: return String(it)'],
    ['{ f() {} }', 'result.f is a function'],
    ['{ F: class {} }', 'result.F is a class'],
    ['{ s: Symbol("x") }', 'result.s is a symbol'],
    ['{ items: new Map() }', 'result.items is a Map: return Object.fromEntries(it)'],
    ['[{ "odd key": new Set() }]', 'result[0]["odd key"] is a Set: return [...it]'],
    ['new Map()', 'result is a Map'],
    ['{ e: Object.assign(new RangeError("no"), { n: 1 }) }', 'result.e is a RangeError'],
    ['{ r: /x/ }', 'result.r is a RegExp: return it.source'],
    ['{ p: [1, Promise.resolve(2)] }', 'result.p[1] is a promise that was not awaited: await it'],
    ['{ g: (function* () {})() }', 'result.g is an iterator: return [...it]'],
    ['{ g: (async function* () {})() }', 'await Array.fromAsync(it)'],
    ['{ i: new Map().keys() }', 'result.i is an iterator'],
    ['{ t: new Uint8Array(2) }', 'result.t is a Uint8Array: return Array.from(it)'],
    ['new ArrayBuffer(2)', 'result is an ArrayBuffer'],
    ['{ w: new WeakMap() }', 'result.w is a WeakMap with no data that JSON can see'],
    ['{ a: new (class Account { #id = 1 })() }', 'result.a is an Account with no data'],
    ['{ r: new Response("x") }', 'result.r is a Response with no data'],
    ['new URLSearchParams("a=1")', 'return Object.fromEntries(it)'],
    ['{ d: new Date(NaN) }', 'result.d is an invalid Date'],
    [
      '(() => { const a = { b: [] }; a.b.push({ up: a }); return a; })()',
      'result.b[0].up is circular',
    ],
    ['"x".repeat(2_000_000)', 'it has 2000002 bytes, more than 1048576'],
  ])('%s is refused', async (expression, message) => {
    const error = await bench.failure(js(expression));
    expect(error.code).toBe('output_invalid');
    expect(error.message).toContain(message);
  });

  test('a result nested without end is refused', async () => {
    const deep = 'JSON.parse("[".repeat(2000) + "]".repeat(2000))';
    expect(await bench.failure(js(deep))).toMatchObject({
      code: 'output_invalid',
      message: expect.stringContaining('nested deeper than 500 levels'),
    });
  });

  test('TypeScript with types, relative imports and packages of the project', async () => {
    bench.write('node_modules/left/package.json', '{"name":"left","main":"index.js"}');
    bench.write('node_modules/left/index.js', 'module.exports = (text) => `<${text}`;');
    bench.write(
      '.ai/scripts/lib/shout.ts',
      'export const shout = (text: string): string => text.toUpperCase();',
    );
    const script = bench.script(
      'typed.ts',
      `import left from 'left';
       import { shout } from './lib/shout.ts';
       interface Call { inputs: { name: string } }
       export default async ({ inputs }: Call) => ({ hello: left(shout(inputs.name)) });`,
    );
    expect(await bench.run(script, { name: 'ada' })).toEqual({ hello: '<ADA' });
  });

  const USUAL: [string, string, unknown][] = [
    ['enum', `enum Colour { Red = 'red' }\nexport default () => Colour.Red;`, 'red'],
    [
      'parameter property',
      `class Account { constructor(private readonly owner: string) {} name() { return this.owner; } }
export default () => new Account('shop').name();`,
      'shop',
    ],
    ['namespace', `namespace Tax { export const rate = 2; }\nexport default () => Tax.rate;`, 2],
    ['enum in CommonJS', `enum N { A = 7 }\nmodule.exports = () => N.A;`, 7],
    ['./x.js that is x.ts', `import { two } from './usual/two.js';\nexport default () => two;`, 2],
    ['./x without an ending', `import { two } from './usual/two';\nexport default () => two;`, 2],
    ['a folder', `import { two } from './usual';\nexport default () => two;`, 2],
    [
      'require without an ending',
      `const { two } = require('./usual/two');\nmodule.exports = () => two;`,
      2,
    ],
  ];

  test.each(['', '"type": "module"'])(
    'usual TypeScript with {%s} in package.json',
    async (type) => {
      bench.write('package.json', `{${type}}`);
      bench.write(
        '.ai/scripts/usual/two.ts',
        'export enum Two { It = 2 }\nexport const two: number = Two.It;',
      );
      bench.write('.ai/scripts/usual/index.ts', `export { two } from './two.js';`);
      for (const [name, source, value] of USUAL) {
        if (type !== '' && /CommonJS|require/.test(name)) continue;
        expect([name, await bench.run(bench.script(next('ts'), source))]).toEqual([
          name,
          { value },
        ]);
      }
      bench.write('package.json', '{}');
      expect(bench.logs.filter(({ message }) => /Warning/.test(message))).toEqual([]);
    },
  );

  test.each([
    ['mjs', 'export default () => import.meta.filename.endsWith("s");'],
    ['cjs', 'module.exports = () => typeof require === "function";'],
    ['mts', 'export default (): boolean => true;'],
    ['cts', 'const yes: boolean = true; module.exports = () => yes;'],
  ])('a script in .%s', async (ending, source) => {
    expect(await bench.run(bench.script(next(ending), source))).toEqual({ value: true });
  });

  test('CommonJS', async () => {
    const script = bench.script(
      'common.js',
      'module.exports = ({ inputs }) => ({ n: inputs.n + 1 });',
    );
    expect(await bench.run(script, { n: 1 })).toEqual({ n: 2 });
  });
});

describe('Python', () => {
  test.each([
    ['return {"a": 1, "b": {"c": [None, 1.5]}}', { a: 1, b: { c: [null, 1.5] } }],
    ['return [1, "ü"]', { value: [1, 'ü'] }],
    ['return None', { value: null }],
    ['pass', { value: null }],
    ['return params', { n: 3 }],
    ['return [2**53, str(2**53 + 1), 1e300]', { value: [2 ** 53, '9007199254740993', 1e300] }],
  ])('%s', async (line, result) => {
    expect(await bench.run(py(line), { n: 3 })).toEqual(result);
  });

  test.each([
    ['return {"a": float("nan")}', 'result.a is nan, not JSON compliant: return None'],
    ['return {"a": len}', 'result.a is a builtin_function_or_method: return what it returns'],
    ['return {"a": 2**60}', 'result.a: 1152921504606846976 cannot be kept exactly as a number'],
    ['return [0, -9007199254740993]', 'write it as text: "-9007199254740993"'],
    ['return {"a": 10**400}', 'is larger than any number'],
    ['a = []; a.append(a); return a', 'result[0] is circular'],
    ['return {"items": [1, {2}]}', 'result.items[1] is a set: return list(it), or sorted(it)'],
    ['return {"odd key": b"x"}', "result['odd key'] is a bytes: return it.decode()"],
    [
      'import datetime; return [datetime.date(2026, 1, 1)]',
      'result[0] is a date: return it.isoformat()',
    ],
    [
      'from decimal import Decimal; return {"n": Decimal(1)}',
      'result.n is a Decimal: return str(it)',
    ],
    ['import pathlib; return {"p": pathlib.Path("x")}', 'return str(it)'],
    ['return {"g": (n for n in [1])}', 'result.g is a generator: return list(it)'],
    ['return {"e": ValueError("x")}', 'result.e is a ValueError: return str(it), or raise it'],
    ['return {(1, 2): 3}', '(1, 2) is no text, and a key of JSON must be'],
    ['return {"o": type("Order", (), {})()}', 'result.o is an Order: return a dict'],
    ['return "x" * 2_000_000', 'it has 2000002 bytes'],
  ])('%s is refused', async (line, message) => {
    const error = await bench.failure(py(line));
    expect(error.code).toBe('output_invalid');
    expect(error.message).toContain(message);
  });

  test('an async function', async () => {
    const source = `import asyncio
async def execute(context, params):
    await asyncio.sleep(0)
    return {"worker": await asyncio.to_thread(lambda: params["n"] * 2)}`;
    const script = bench.script('later.py', source);
    expect(await bench.run(script, { n: 2 })).toEqual({ worker: 4 });
    expect(await bench.run(script, { n: 3 })).toEqual({ worker: 6 });
    expect(bench.logs.filter(({ level }) => level === 'debug')).toEqual([]);
  });

  test('what asyncio made in one call works in the next', async () => {
    const source = `import asyncio
gate, seen = None, asyncio.Queue()
async def execute(context, params):
    global gate
    gate = gate or asyncio.Lock()
    async def one():
        async with gate:
            await asyncio.sleep(0)
            return 1
    await seen.put(await asyncio.to_thread(lambda: "x"))
    return {"n": sum(await asyncio.gather(one(), one(), one())), "seen": seen.qsize()}`;
    const script = bench.script('gate.py', source);
    bench.logs.length = 0;
    for (const seen of [1, 2, 3]) expect(await bench.run(script)).toEqual({ n: 3, seen });
    expect(bench.logs).toEqual([]);
  });

  test('a task that a call leaves is ended with it, and the process replaced', async () => {
    const source = `import asyncio, os
async def late(context):
    try:
        await asyncio.sleep(60)
    finally:
        context.log("info", "cleaned up")
async def execute(context, params):
    asyncio.ensure_future(late(context))
    await asyncio.sleep(0)
    return os.getpid()`;
    const script = bench.script('leaves_task.py', source);
    bench.logs.length = 0;
    const first = await bench.run(script);
    expect(bench.logs.map(({ message }) => message)).toEqual([
      'cleaned up',
      expect.stringContaining('left open: asyncio task'),
    ]);
    if (!way) expect(await bench.run(script)).not.toEqual(first);
  });

  test.each(['spawn', 'forkserver', 'fork'])('multiprocessing by %s', async (method) => {
    const source = `import multiprocessing
def square(n):
    return n * n
def execute(context, params):
    with multiprocessing.get_context("${method}").Pool(2) as pool:
        return {"n": pool.map(square, [1, 2, 3])}`;
    const script = bench.script(`pool_${method}.py`, source);
    expect(await bench.run(script, {}, { timeoutMs: 30_000 })).toEqual({ n: [1, 4, 9] });
  });

  test('context is readable as attributes and as a dict', async () => {
    const line =
      'return [context.run_id, context["step_path"], context.get("attempt"), dict(context)["iteration"]]';
    expect(await bench.run(py(line))).toEqual({ value: ['run-1', 'first', 1, '0'] });
  });

  test('helpers beside the script are importable', async () => {
    bench.write('.ai/scripts/helper_words.py', 'WORD = "hi"');
    const script = bench.script(
      'uses.py',
      'from helper_words import WORD\ndef execute(c, p):\n    return {"word": WORD}',
    );
    expect(await bench.run(script)).toEqual({ word: 'hi' });
  });
});

describe('shell', () => {
  test('the last line that is an object is the result, everything else is log', async () => {
    const script = sh(
      `echo starting; echo '{"a": 1}'; echo to stderr >&2; echo '{"b": 2}'; printf '[1]'`,
    );
    expect(await bench.run(script)).toEqual({ b: 2 });
    const told = bench.logs.map(({ level, message }) => `${level} ${message}`);
    expect(told).toEqual(
      expect.arrayContaining(['info starting', 'info {"a": 1}', 'warn to stderr', 'info [1]']),
    );
  });

  const PRETTY = [
    '{',
    '  "total": 2,',
    '  "rows": [',
    '    {"id": 1},',
    '    {"id": 2}',
    '  ]',
    '}',
  ];
  const WHOLE = { total: 2, rows: [{ id: 1 }, { id: 2 }] };
  const print = (...lines: string[]) => sh(`cat <<'END'\n${lines.join('\n')}\nEND`);

  test.each<[string, string[], unknown]>([
    ['over several lines', PRETTY, WHOLE],
    ['between lines of log', ['{ starting', 'go', ...PRETTY, 'done {'], WHOLE],
    ['after a smaller one', ['{"a": 1}', ...PRETTY], WHOLE],
    ['before a smaller one', [...PRETTY, '{"a": 1}'], { a: 1 }],
    ['with text behind its end', [...PRETTY.slice(0, -1), '} done'], WHOLE],
    ['after a lone brace', ['{', '{"a": 1}'], { a: 1 }],
    ['without indentation', PRETTY.map((line) => line.trim()), WHOLE],
    ['with braces in texts', ['{', '"a": "}{[\\"",', '"b": "\\u00e9"', '}'], { a: '}{["', b: 'é' }],
    ['before a list', ['{"a": 1}', '[', '  {"id": 1}', ']'], { a: 1 }],
    ['with blank lines', ['{', '', '"a": [', ']', '', '}'], { a: [] }],
    [
      'after what another line broke',
      [...PRETTY.slice(0, 4), 'oops', ...PRETTY.slice(4), '{"a": 1}'],
      { a: 1 },
    ],
  ])('the last whole object is the result: %s', async (_, lines, result) => {
    expect(await bench.run(print(...lines))).toEqual(result);
  });

  test.each<[string, string[], string]>([
    ['cut off', PRETTY.slice(0, 5), 'printed incomplete JSON; its last line was:     {"id": 2}'],
    ['cut off after a whole one', ['{"a": 1}', '{', '"b": 2'], 'printed incomplete JSON'],
    [
      'broken by another line',
      [...PRETTY.slice(0, 4), 'oops', ...PRETTY.slice(4)],
      'interrupted by the line: oops',
    ],
    [
      'a list',
      ['[', '  {"id": 1},', '  {"id": 2}', ']'],
      'printed a list where the result must be a JSON object',
    ],
  ])('an inner object is never the result: %s', async (_, lines, message) => {
    const error = await bench.failure(print(...lines));
    expect(error.code).toBe('output_invalid');
    expect(error.message).toContain(message);
  });

  test('lines of log keep their order around JSON', async () => {
    bench.logs.length = 0;
    await bench.run(print('one', '{', 'two', ...PRETTY, 'three', '{"a": 1}'));
    const told = bench.logs.map(({ message }) => message);
    expect(told).toEqual(['one', '{', 'two', 'three', ...PRETTY]);
  });

  test('an error over several lines', async () => {
    const script = sh(
      `printf '{\n"error": {\n"message": "gone",\n"code": "order_gone"\n}\n}\n'; exit 1`,
    );
    expect(await bench.failure(script)).toMatchObject({ code: 'order_gone', message: 'gone' });
  });

  test('inputs and context arrive on stdin', async () => {
    const script = sh('read -r call; echo "{\\"call\\": $call}"');
    expect(await bench.run(script, { who: 'ada' })).toMatchObject({
      call: {
        inputs: { who: 'ada' },
        context: { run_id: 'run-1', idempotency_key: 'run-1:first:0' },
      },
    });
  });

  test('a script that does not read its input works all the same', async () => {
    expect(await bench.run(sh('echo "{}"'), { text: 'x'.repeat(500_000) })).toEqual({});
  });

  test('the #! line chooses the interpreter', async () => {
    const script = sh('#!/usr/bin/env python3\nprint(\'{"from": "python"}\')');
    expect(await bench.run(script)).toEqual({ from: 'python' });
  });

  test.each([
    ['true', 'printed nothing'],
    ['echo rubbish {', 'its last line was: rubbish {'],
    ['echo "[1, 2]"', 'its last line was: [1, 2]'],
    [`echo '{"a": [9007199254740993]}'`, 'a[0]: 9007199254740993 cannot be kept exactly'],
    [`printf '{\\n"a": 1e400\\n}\\n'`, 'a: 1e400 is larger than any number'],
  ])('%s is refused', async (source, message) => {
    const error = await bench.failure(sh(source));
    expect(error.code).toBe('output_invalid');
    expect(error.message).toContain(message);
  });
});

test('a number that a double does not hold stands as text where it is no result', async () => {
  bench.logs.length = 0;
  const log = `context.log("warn", "odd", {"id": 2**53 + 1})`;
  const fail = 'error = Exception("odd"); error.data = {"id": -(2**53 + 1)}; raise error';
  const error = await bench.failure(py(log, fail));
  expect(bench.logs[0]).toMatchObject({ message: 'odd', data: { id: '9007199254740993' } });
  expect(error.data).toMatchObject({ id: '-9007199254740993' });
  const told = `echo '{"error": {"message": "odd", "data": {"id": 1e400}}}'; exit 1`;
  expect((await bench.failure(sh(told))).data).toMatchObject({ id: '1e400' });
});

describe('context', () => {
  test('has everything the call says, and a scratch directory that is writable and empty', async () => {
    const source = `import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
export default ({ context }) => {
  const found = readdirSync(context.scratch_dir);
  writeFileSync(context.scratch_dir + '/x', 'x');
  return { ...context, found, same: tmpdir() === context.scratch_dir, cwd: process.cwd() };
};`;
    const script = bench.script('told.js', source);
    await bench.run(script);
    const { found, same, cwd, ...context } = await bench.run(script);
    expect({ found, same, cwd }).toEqual({ found: [], same: true, cwd: bench.project });
    expect(context).toMatchObject({ run_id: 'run-1', deadline: '2030-01-01T00:00:00.000Z' });
    expect(context['scratch_dir']).toContain(`${bench.scratch}/`);
  });

  test.each([
    [
      'js',
      `export default async ({ context }) => { context.log('warn', 'careful', { n: 1 }); context.progress(1, 2, 'half'); return {}; }`,
    ],
    [
      'py',
      `def execute(context, params):\n    context.log('warn', 'careful', {'n': 1})\n    context.progress(1, 2, 'half')\n    return {}`,
    ],
  ])('log and progress in %s', async (ending, source) => {
    bench.logs.length = bench.progress.length = 0;
    await bench.run(bench.script(next(ending), source));
    expect(bench.logs).toEqual([{ level: 'warn', message: 'careful', data: { n: 1 } }]);
    expect(bench.progress).toEqual([[1, 2, 'half']]);
  });

  const SECRET: [string, string][] = [
    ['js', `export default async ({ context }) => ({ key: await context.secret('stripe') })`],
    ['py', `def execute(context, params):\n    return {"key": context.secret("stripe")}`],
    [
      'sh',
      `. "$MISSION_SDK"; key=$(mission_secret stripe) || exit 1; echo "{\\"key\\": \\"$key\\"}"`,
    ],
  ];

  test.each(SECRET)('a secret is not granted in %s', async (ending, source) => {
    const error = await bench.failure(bench.script(next(ending), source));
    const text = "secret 'stripe' is not granted to this script";
    expect(error.code).toBe(ending === 'sh' ? 'script_error' : 'permission_denied');
    expect(error.message).toContain(text);
    // The actor may read every secret; scripts need a tag all the same.
    expect(
      await bench.failure(bench.script(next(ending), source), {}, { permissions: [] }),
    ).toEqual(expect.objectContaining({ message: expect.stringContaining(text) }));
  });

  test.each(SECRET)('a secret that is granted, or not there, in %s', async (ending, source) => {
    const script = bench.script(next(ending), source);
    const permissions = ['read:secrets:stripe'];
    expect(await bench.run(script, {}, { permissions })).toEqual({ key: 'the value of stripe' });
    const secret = () =>
      Promise.reject(new MissionError('not_found', 'There is no secret "stripe".'));
    const error = await bench.failure(script, {}, { permissions, secret });
    expect(error.message).toContain('There is no secret "stripe".');
    if (ending !== 'sh') expect(error.code).toBe('not_found');
  });

  test('a call that may ask for secrets, or is handed some, has a process of its own', async () => {
    const script = bench.script(next('js'), 'let n = 0; export default () => (n += 1);');
    const call = (change: Partial<ScriptCall>) => bench.run(script, {}, change);
    expect(await call({})).toEqual({ value: 1 });
    expect(await call({ permissions: ['read:secrets:stripe'] })).toEqual({ value: 1 });
    expect(await call({ confidential: true })).toEqual({ value: 1 });
    expect(await call({})).toEqual({ value: 2 });
  });

  test.each([
    [
      'js',
      `import { context, heartbeat, inputs, log, progress } from 'mission-sdk';
export default () => { helper(); return { n: inputs().n, run: context().run_id }; };
const helper = () => { log('info', 'from afar'); progress(1, 4, 'begun'); heartbeat(); };`,
    ],
    [
      'py',
      `import mission_sdk as sdk
def helper():
    sdk.log("info", "from afar"); sdk.progress(1, 4, "begun"); sdk.heartbeat()
def execute(context, params):
    helper()
    return {"n": sdk.inputs["n"], "run": sdk.run_id}`,
    ],
    [
      'sh',
      `. "$MISSION_SDK"; call=$(cat)
mission_log info 'from afar'; mission_progress 1 4 begun; mission_heartbeat
echo "{\\"n\\": $(mission_field n "$call"), \\"run\\": \\"$(mission_field run_id "$call")\\"}"`,
    ],
  ])('the SDK without the context at hand, in %s', async (ending, source) => {
    bench.logs.length = bench.progress.length = bench.beats = 0;
    const script = bench.script(next(ending), source);
    expect(await bench.run(script, { n: 7 })).toEqual({ n: 7, run: 'run-1' });
    expect(bench.logs).toEqual([{ level: 'info', message: 'from afar' }]);
    expect(bench.progress).toEqual([[1, 4, 'begun']]);
    expect(bench.beats).toBe(1);
  });

  test.each(['a, b} [c] 100%', 'say "hi" in c:\\new', '"text": "other"', ''])(
    'mission_field reads the whole of the text %j',
    async (text) => {
      const source = `. "$MISSION_SDK"; text=$(mission_field text "$(cat)")
printf '{"read": %s}' "$(mission_json "$text")"`;
      expect(await bench.run(bench.script(next('sh'), source), { text })).toEqual({ read: text });
    },
  );

  test('mission_field takes the input where the context has a field of that name', async () => {
    const source = '. "$MISSION_SDK"; printf \'{"id": "%s"}\' "$(mission_field run_id "$(cat)")"';
    const script = bench.script(next('sh'), source);
    expect(await bench.run(script, { run_id: 'mine' })).toEqual({ id: 'mine' });
  });

  test.each([
    [
      'cat | mission_field n',
      'warn mission_field needs the call: call=$(cat); mission_field NAME "$call"',
    ],
    ['mission_field inputs.n "$(cat)"', 'warn mission_field: the call has no field "inputs.n"'],
  ])('%s tells what is wrong', async (command, told) => {
    bench.logs.length = 0;
    const script = bench.script(
      next('sh'),
      `. "$MISSION_SDK"; x=$(${command}); echo '{"ok": true}'`,
    );
    expect(await bench.run(script, { n: 1 })).toEqual({ ok: true });
    expect(bench.logs.map(({ level, message }) => `${level} ${message}`)).toContain(told);
  });

  test.each([
    [
      'js',
      `import { execFileSync } from 'node:child_process';
export default () => { console.log('one'); console.error('two'); execFileSync('echo', ['three'], { stdio: 'inherit' }); process.stdout.write('{"id":1,"result":{}}\\n'); return { ok: true }; }`,
    ],
    [
      'py',
      `import subprocess, sys
def execute(context, params):
    print('one'); print('two', file=sys.stderr); subprocess.run(['echo', 'three']); print('{"id":1,"result":{}}'); sys.stdout.buffer.write(b'four'); return {"ok": True}`,
    ],
  ])('prints in %s are log and never the result', async (ending, source) => {
    bench.logs.length = 0;
    expect(await bench.run(bench.script(next(ending), source))).toEqual({ ok: true });
    const told = bench.logs.map(({ level, message }) => `${level} ${message}`);
    expect(told).toEqual(
      expect.arrayContaining(['info one', 'warn two', 'info {"id":1,"result":{}}']),
    );
  });
});
