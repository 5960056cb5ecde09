import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MissionError } from '../../contracts/errors.js';
import { withLock } from '../files/file-lock.js';
import { compileEngine } from './engine-compile.js';
import { downloadEngine } from './engine-download.js';
import type { EngineRequest } from './engine-source.js';
import { engineOnPath, engineVersion } from './engine-version.js';

export interface EngineOptions {
  /** Directory of the program, one per user. */
  cacheDir?: string;
  say?(line: string): void;
  /** Aborts a download or a compilation. */
  signal?: AbortSignal;
}

/** `~/.cache/mission-control/engine` */
export const engineCache = (): string => join(homedir(), '.cache', 'mission-control', 'engine');

async function fill(request: EngineRequest): Promise<string> {
  const reasons: string[] = [];
  for (const obtain of [downloadEngine, compileEngine]) {
    const reason = await obtain(request);
    if (reason === undefined) return request.file;
    request.signal?.throwIfAborted();
    request.say(reason);
    reasons.push(reason);
  }
  throw new MissionError(
    'unavailable',
    `The Temporal server is not installed and could not be obtained:\n${reasons.map((r) => `  - ${r}`).join('\n')}\n` +
      'Do one of these and start again:\n' +
      '  1. Put the temporal program on PATH (https://docs.temporal.io/cli).\n' +
      '  2. Install Go (https://go.dev/dl), so that it can be compiled here; that takes a few minutes once.\n' +
      '  3. Set TEMPORAL_ADDRESS=host:port to an existing cluster.',
  );
}

function cacheFile(dir: string): string {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (cause) {
    const message = `The Temporal server cannot be stored in ${dir}: ${(cause as Error).message}. Make that directory writable, or put temporal on PATH.`;
    throw new MissionError('unavailable', message, undefined, { cause });
  }
  return join(dir, 'temporal');
}

async function cached(dir: string, options: Omit<EngineRequest, 'file'>): Promise<string> {
  const file = cacheFile(dir);
  if (engineVersion(file)) return file;
  const { say } = options;
  const work = async () => {
    if (engineVersion(file)) return file;
    if (existsSync(file)) say(`${file} does not run; it is replaced.`);
    return fill({ file, ...options });
  };
  return withLock(`${file}.lock`, work, ({ pid }) =>
    say(`Process ${pid} is downloading or compiling the Temporal server; waiting for it.`),
  );
}

/**
 * Finds the Temporal server's program: on PATH, otherwise in the cache, which
 * is filled by a download or, with Go installed, by compiling. Concurrent
 * processes fill it once.
 * @returns the program's path
 * @throws MissionError `unavailable` that lists the alternatives
 */
export async function obtainEngine(options: EngineOptions = {}): Promise<string> {
  const { cacheDir = engineCache(), say = () => undefined, signal } = options;
  return engineOnPath() ?? cached(cacheDir, { say, ...(signal && { signal }) });
}
