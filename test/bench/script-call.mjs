/**
 * What a warm call of a project's script adds, seen from the worker: p50 and p95 over 2,000 calls.
 * Run `npm run build` first; a folder of compiled files other than `dist` is the first argument.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const CALLS = 2_000;
const WARM_UP = 50;
const dist = resolve(process.argv[2] ?? join(import.meta.dirname, '../../dist'));
const { ScriptHost } = await import(pathToFileURL(join(dist, 'tools/scripts/script-host.js')).href);

const SCRIPTS = {
  js: `const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
export default async ({ inputs }) => ({ value: fib(inputs.n) });`,
  py: `def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def execute(context, params):
    return {"value": fib(params["n"])}`,
  sh: `echo '{"value": 55}'`,
};

const project = mkdtempSync(join(tmpdir(), 'script-bench-'));
const host = new ScriptHost({ projectPath: project, scratchRoot: join(project, 'scratch') });

const call = (name) => ({
  name,
  inputs: { n: 10 },
  context: {
    run_id: 'bench',
    step_path: name,
    iteration: '',
    attempt: 1,
    idempotency_key: `bench:${name}:`,
    project_path: project,
    scratch_dir: '',
    deadline: new Date(Date.now() + 10_000).toISOString(),
  },
  timeoutMs: 10_000,
  signal: new AbortController().signal,
  onLog: () => undefined,
  onProgress: () => undefined,
});

async function timed(script) {
  const start = performance.now();
  const { value } = await host.run(script, call(script.name));
  if (value !== 55) throw new Error(`fib(10) is ${value}`);
  return performance.now() - start;
}

async function measure(language, calls, warmUp) {
  const file = join(project, `fib_${language}.${language}`);
  writeFileSync(file, SCRIPTS[language]);
  const script = { name: `fib_${language}`, language, file };
  const cold = await timed(script);
  for (let i = 0; i < warmUp; i += 1) await timed(script);
  const times = [];
  for (let i = 0; i < calls; i += 1) times.push(await timed(script));
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor(times.length * part)].toFixed(3);
  console.log(`${language}: first ${cold.toFixed(0)} ms, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}

try {
  await measure('js', CALLS, WARM_UP);
  await measure('py', CALLS, WARM_UP);
  await measure('sh', 50, 2);
} finally {
  await host.close();
  rmSync(project, { recursive: true });
}
