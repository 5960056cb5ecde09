/**
 * What a warm call of a project's script adds, seen from the worker. On its own it prints p50 and p95 of
 * every language, bare and in the jail: run `npm run build` first; a folder of compiled files other than `dist` is the argument.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const WARM_UP = 50;

const SCRIPTS = {
  js: `const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
export default async ({ inputs }) => ({ value: fib(inputs.n) });`,
  py: `def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def execute(context, params):
    return {"value": fib(params["n"])}`,
  sh: `echo '{"value": 55}'`,
};

const call = (name, project) => ({
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
    artifacts_dir: '',
    deadline: new Date(Date.now() + 10_000).toISOString(),
  },
  timeoutMs: 10_000,
  permissions: null,
  principal: 'bench',
  fresh: false,
  signal: new AbortController().signal,
  onLog: () => undefined,
  onProgress: () => undefined,
  onHeartbeat: () => undefined,
});

async function times(host, project, language, calls) {
  const name = `fib_${language}`;
  const file = join(project, `${name}.${language}`);
  writeFileSync(file, SCRIPTS[language]);
  const timed = async () => {
    const start = performance.now();
    const { value } = await host.run({ name, language, file }, call(name, project));
    if (value !== 55) throw new Error(`fib(10) is ${value}`);
    return performance.now() - start;
  };
  const all = [];
  for (let i = 0; i < calls + WARM_UP; i += 1) all.push(await timed());
  return all;
}

/** Milliseconds of the first, the median and the slowest twentieth of `calls` calls of fib(10). */
export async function scriptCalls(dist, language, calls, jailed = true) {
  const load = (file) => import(pathToFileURL(join(dist, file)).href);
  const { ScriptHost } = await load('tools/scripts/script-host.js');
  const { probeJail } = await load('sandbox/bubblewrap/probe-jail.js');
  const project = mkdtempSync(join(tmpdir(), 'script-bench-'));
  const { way } = await probeJail(project);
  const jail = jailed ? way : undefined;
  const host = new ScriptHost({
    projectPath: project,
    scratchRoot: join(project, 'scratch'),
    jail,
  });
  try {
    const [first, ...rest] = await times(host, project, language, calls);
    const warm = rest.slice(WARM_UP - 1).sort((a, b) => a - b);
    const at = (part) => warm[Math.floor(warm.length * part)];
    return { first, p50: at(0.5), p95: at(0.95) };
  } finally {
    await host.close();
    rmSync(project, { recursive: true });
  }
}

if (import.meta.main) {
  const dist = resolve(process.argv[2] ?? join(import.meta.dirname, '../../dist'));
  for (const [language, calls] of Object.entries({ js: 2_000, py: 2_000, sh: 50 })) {
    for (const jailed of [false, true]) {
      const { first, p50, p95 } = await scriptCalls(dist, language, calls, jailed);
      const [warm, slow] = [p50, p95].map((ms) => `${ms.toFixed(3)} ms`);
      const how = jailed ? 'jailed' : 'bare';
      console.log(`${language} ${how}: first ${first.toFixed(0)} ms, p50 ${warm}, p95 ${slow}`);
    }
  }
}
