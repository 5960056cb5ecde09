import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';

import type { ProjectScript } from '../../../../src/contracts/script.js';
import type { RunnerLimits } from '../../../../src/tools/scripts/processes/runner-limits.js';
import { isAlive, until, Workbench } from '../workbench.js';

let bench: Workbench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const make = (limits: Partial<RunnerLimits> = {}) => (bench = new Workbench(limits));

const PID = {
  js: 'export default () => process.pid',
  py: 'import os\ndef execute(c, p):\n    return os.getpid()',
};
const SLOW = `export default async ({ inputs }) => {
  await new Promise((r) => setTimeout(r, inputs.ms));
  return { pid: process.pid };
}`;

/** Holds this thread up, so that the end of a process stays unseen. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function pid(script: ProjectScript, inputs = {}): Promise<number> {
  return (await bench!.run(script, inputs))['value'] as number;
}

describe('a warm runner', () => {
  test.each(['js', 'py'] as const)('serves call after call: %s', async (ending) => {
    const script = make().script(`pid.${ending}`, PID[ending]);
    expect(await pid(script)).toBe(await pid(script));
  });

  test('keeps its working directory from call to call', async () => {
    const script = make().script(
      'wander.js',
      `export default () => { const at = process.cwd(); process.chdir('/'); return at }`,
    );
    expect(await bench!.run(script)).toEqual({ value: bench!.project });
    expect(await bench!.run(script)).toEqual({ value: bench!.project });
  });

  test('is replaced after so many calls', async () => {
    const script = make({ calls: 3 }).script('pid.js', PID.js);
    const pids = [];
    for (let i = 0; i < 7; i += 1) pids.push(await pid(script));
    expect(new Set(pids.slice(0, 3)).size).toBe(1);
    expect(new Set(pids).size).toBe(3);
  });

  test('is replaced when it is old', async () => {
    const script = make({ ageMs: 200 }).script('pid.js', PID.js);
    const first = await pid(script);
    await sleep(250);
    await pid(script);
    expect(await pid(script)).not.toBe(first);
  });

  test.each([
    [
      'a timer',
      'js',
      'export default () => { setTimeout(() => {}, 60_000); return process.pid }',
      'Timeout',
    ],
    [
      'a server',
      'js',
      `import { createServer } from 'node:net'; export default () => { createServer().listen(0, '127.0.0.1'); return process.pid }`,
      '',
    ],
    [
      'a child',
      'js',
      `import { spawn } from 'node:child_process'; export default () => { spawn('sleep', ['60']).unref(); return process.pid }`,
      '',
    ],
    [
      'a child',
      'py',
      'import os, subprocess\ndef execute(c, p):\n    subprocess.Popen(["sleep", "60"])\n    return os.getpid()',
      'child process',
    ],
    [
      'a thread',
      'py',
      'import os, threading, time\ndef execute(c, p):\n    threading.Thread(target=time.sleep, args=(60,)).start()\n    return os.getpid()',
      'thread',
    ],
  ])('is replaced when a call leaves %s behind: %s', async (_, ending, source, what) => {
    const script = make().script(`leaves.${ending}`, source);
    const first = await pid(script);
    expect(bench!.logs).toEqual([
      { level: 'debug', message: expect.stringContaining(`left open: ${what}`) },
    ]);
    expect(await pid(script)).not.toBe(first);
    expect(await until(() => !isAlive(first), 1_000)).toBe(true);
  });

  test.each([
    [
      'a child that ended',
      `import { execFile } from 'node:child_process'; import { promisify } from 'node:util'; export default async () => { await promisify(execFile)('true'); return process.pid }`,
    ],
    [
      'a file that was read',
      `import { readFile } from 'node:fs/promises'; import { createReadStream } from 'node:fs'; import { text } from 'node:stream/consumers'; export default async () => { await readFile('package.json'); await text(createReadStream('package.json')); return process.pid }`,
    ],
    [
      'what the module opened when it was loaded',
      `setInterval(() => {}, 60_000); export default () => process.pid`,
    ],
  ])('is kept after %s', async (_, source) => {
    const script = make().script('tidy.js', source);
    expect(await pid(script)).toBe(await pid(script));
    expect(bench!.logs).toEqual([]);
  });

  test.each([
    [
      'js',
      'const kept = []; export default () => { kept.push(Buffer.alloc(20_000_000, 1)); return process.pid }',
    ],
    [
      'py',
      'import os\nkept = []\ndef execute(c, p):\n    kept.append(b"x" * 20_000_000)\n    return os.getpid()',
    ],
  ])('is replaced when it has grown: %s', async (ending, source) => {
    const script = make({ memoryGrowthBytes: 50_000_000 }).script(`grows.${ending}`, source);
    const pids = [];
    for (let i = 0; i < 4; i += 1) pids.push(await pid(script));
    expect(new Set(pids).size).toBe(2);
  });

  test('that was killed while idle is not given a call', async () => {
    const script = make().script('pid.js', PID.js);
    const first = await pid(script);
    process.kill(first, 'SIGKILL');
    expect(await until(() => !isAlive(first), 8_000)).toBe(true);
    await sleep(50);
    expect(await pid(script)).not.toBe(first);
  });

  test('that was killed a moment ago fails the call as a fault of the platform, not of the script', async () => {
    const script = make().script('pid.js', PID.js);
    const first = await pid(script);
    process.kill(first, 'SIGKILL');
    blockFor(200);
    expect(await bench!.failure(script)).toMatchObject({ code: 'internal', retryable: true });
    expect(await pid(script)).not.toBe(first);
  });

  test('that is idle for long is stopped', async () => {
    const script = make({ idleMs: 100 }).script('pid.js', PID.js);
    const first = await pid(script);
    expect(await until(() => !isAlive(first), 8_000)).toBe(true);
    expect(await pid(script)).not.toBe(first);
  });
});

describe('an edit', () => {
  test.each(['js', 'py'] as const)('of the script is seen by the next run: %s', async (ending) => {
    const source = { js: 'export default () => 1', py: 'def execute(c, p):\n    return 1' }[ending];
    const script = make().script(`edited.${ending}`, source);
    expect(await pid(script)).toBe(1);
    writeFileSync(script.file, source.replace(/1$/, '2'));
    await sleep(150);
    expect(await pid(script)).toBe(2);
  });

  test('of an imported file too', async () => {
    make().write('.ai/scripts/lib/rate.ts', 'export const rate = 1;');
    bench!.write('.ai/scripts/rates.py', 'RATE = 1\n');
    const ts = bench!.script(
      'uses.ts',
      `import { rate } from './lib/rate.ts'; export default () => rate`,
    );
    const py = bench!.script(
      'uses_py.py',
      'def execute(c, p):\n    from rates import RATE\n    return RATE',
    );
    expect([await pid(ts), await pid(py)]).toEqual([1, 1]);
    bench!.write('.ai/scripts/lib/rate.ts', 'export const rate = 2;');
    bench!.write('.ai/scripts/rates.py', 'RATE = 2\n');
    await sleep(150);
    expect([await pid(ts), await pid(py)]).toEqual([2, 2]);
  });

  test('repairs a script that did not load', async () => {
    const script = make().script('broken.js', 'export default (');
    expect((await bench!.failure(script)).code).toBe('script_error');
    writeFileSync(script.file, 'export default () => 5');
    expect(await pid(script)).toBe(5);
  });

  test('does not disturb a call under way', async () => {
    const script = make().script('slow.js', SLOW);
    const running = bench!.run(script, { ms: 500 });
    await sleep(250);
    writeFileSync(script.file, 'export default () => 5');
    expect(await pid(script)).toBe(5);
    expect(await running).toHaveProperty('pid');
  });
});

describe('many calls at once', () => {
  test('short ones share few runners', async () => {
    const script = make().script('pid.js', PID.js);
    const pids = await Promise.all(Array.from({ length: 50 }, () => pid(script)));
    expect(new Set(pids).size).toBeLessThanOrEqual(3);
  });

  test('slow ones get as many as there may be', async () => {
    const script = make({ perScript: 4 }).script('slow.js', SLOW);
    const results = await Promise.all(
      Array.from({ length: 50 }, () => bench!.run(script, { ms: 40 })),
    );
    expect(new Set(results.map((result) => result['pid'])).size).toBe(4);
  });

  test('of more scripts than there may be runners all come to their turn', async () => {
    make({ total: 2 });
    const scripts = Array.from({ length: 5 }, (_, i) => bench!.script(`slow_${i}.js`, SLOW));
    const calls = scripts.flatMap((script) =>
      Array.from({ length: 6 }, () => bench!.run(script, { ms: 20 })),
    );
    const results = await Promise.all(calls);
    expect(new Set(results.map((result) => result['pid'])).size).toBeGreaterThanOrEqual(5);
  });

  test('the runner idle longest makes room', async () => {
    make({ total: 2 });
    const [a, b, c] = ['a.js', 'b.js', 'c.js'].map((file) => bench!.script(file, PID.js));
    const [first, second] = [await pid(a!), await pid(b!)];
    await pid(c!);
    expect(isAlive(first)).toBe(false);
    expect(await pid(b!)).toBe(second);
  });

  test('one that finds no free runner in time says so, and did not run', async () => {
    const script = make({ perScript: 1, waitMs: 200 }).script('slow.js', SLOW);
    await bench!.run(script, { ms: 0 });
    const running = bench!.run(script, { ms: 600 });
    const error = await bench!.failure(script, { ms: 0 }, { timeoutMs: 200 });
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
    await running;
  });

  test('one that is cancelled while it waits leaves the queue', async () => {
    const script = make({ perScript: 1 }).script('slow.js', SLOW);
    const running = bench!.run(script, { ms: 300 });
    const error = await bench!.failure(script, { ms: 0 }, { signal: AbortSignal.timeout(50) });
    expect(error.code).toBe('cancelled');
    await running;
    expect(await bench!.run(script, { ms: 0 })).toHaveProperty('pid');
  });

  test('shells are bounded', async () => {
    const script = make({ shells: 3 }).script(
      'count.sh',
      `mkdir running/$$; ls running | wc -l; sleep 0.05; rmdir running/$$; echo '{}'`,
    );
    mkdirSync(`${bench!.project}/running`);
    await Promise.all(Array.from({ length: 12 }, () => bench!.run(script)));
    const seen = bench!.logs.map(({ message }) => Number(message));
    expect(Math.max(...seen)).toBeLessThanOrEqual(3);
  });
});

describe('the end', () => {
  test('close stops calls under way, and leaves no process and no directory', async () => {
    const script = make().script('slow.js', SLOW);
    const { pid: leader } = (await bench!.run(script, { ms: 0 })) as { pid: number };
    const shell = bench!.script('slow.sh', 'echo $$ > shell_pid; sleep 60');
    const failures = [bench!.failure(script, { ms: 60_000 }), bench!.failure(shell)];
    await until(() => existsSync(`${bench!.project}/shell_pid`));
    await bench!.host.close();
    for (const error of await Promise.all(failures))
      expect(error).toMatchObject({ code: 'internal', retryable: true });
    expect(isAlive(leader)).toBe(false);
    expect(isAlive(Number(readFileSync(`${bench!.project}/shell_pid`, 'utf8')))).toBe(false);
    expect(readdirSync(`${bench!.project}/scratch`)).toEqual([]);
    expect((await bench!.failure(script)).code).toBe('internal');
  });

  test('what a call left in its scratch directory is removed after it', async () => {
    const script = make().script(
      'litter.sh',
      `cd "$TMPDIR"; mkdir -p a/b; echo x > a/b/c; echo "{\\"value\\": \\"$TMPDIR\\"}"`,
    );
    const { value } = await bench!.run(script);
    expect(existsSync(String(value))).toBe(false);
  });
});
