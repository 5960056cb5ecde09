import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MissionError } from '../../contracts/errors.js';
import { withLock } from '../file-lock.js';
import { compileEngine } from './engine-compile.js';
import { downloadEngine } from './engine-download.js';
import { engineOnPath, engineVersion } from './engine-version.js';

export interface EngineOptions {
  /** Where the program is kept once per user. */
  cacheDir?: string;
  say?(line: string): void;
}

/** `~/.cache/mission-control/engine` */
export const engineCache = (): string => join(homedir(), '.cache', 'mission-control', 'engine');

async function fill(file: string, say: (line: string) => void): Promise<string> {
  const reasons: string[] = [];
  for (const obtain of [downloadEngine, compileEngine]) {
    const reason = await obtain(file, say);
    if (reason === undefined) return file;
    say(reason);
    reasons.push(reason);
  }
  throw new MissionError(
    'unavailable',
    `There is no Temporal server, and none could be had:\n${reasons.map((r) => `  - ${r}`).join('\n')}\n` +
      'Do one of these and start again:\n' +
      '  1. Put the temporal program on PATH (https://docs.temporal.io/cli).\n' +
      '  2. Install Go (https://go.dev/dl), so that it can be compiled here; that takes a few minutes once.\n' +
      '  3. Set TEMPORAL_ADDRESS=host:port to a cluster that runs already.',
  );
}

async function cached(dir: string, say: (line: string) => void): Promise<string> {
  const file = join(dir, 'temporal');
  if (engineVersion(file)) return file;
  mkdirSync(dir, { recursive: true });
  const wait = ({ pid }: { pid: number }) =>
    say(`Process ${pid} is getting the Temporal server; waiting for it.`);
  return withLock(
    `${file}.lock`,
    async () => {
      if (engineVersion(file)) return file;
      if (existsSync(file)) say(`${file} does not run; it is replaced.`);
      return fill(file, say);
    },
    wait,
  );
}

/**
 * The Temporal server's program: on PATH, else from the cache, which is filled by a download or,
 * where there is Go, by compiling. Two processes that ask at once fill it once.
 * @returns the program's path
 * @throws MissionError `unavailable` that names the ways out
 */
export async function obtainEngine({
  cacheDir,
  say = () => undefined,
}: EngineOptions = {}): Promise<string> {
  return engineOnPath() ?? cached(cacheDir ?? engineCache(), say);
}
