import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiled } from '../support/compiled.js';
import type { Instance } from '../../src/supervisor/instance/instance.js';

const PROGRAMS = join(import.meta.dirname, 'programs');

/** Polls until the answer is truthy. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  ms = 20_000,
): Promise<NonNullable<T>> {
  for (const end = Date.now() + ms; ; await sleep(50)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${ask}`);
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Pids of the processes that were started for a MISSION_HOME. */
export const processesOf = (home: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        text(`/proc/${pid}/cmdline`).includes(home) || text(`/proc/${pid}/environ`).includes(home),
    )
    .map(Number)
    .filter((pid) => pid !== process.pid);

/** A directory for one instance. */
export const newHome = (): string => mkdtempSync(join(tmpdir(), 'mission-up-'));

/** Ends whatever a failed test left, and removes the directory. */
export async function removeHome(home: string): Promise<void> {
  for (const pid of processesOf(home)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone meanwhile.
    }
  }
  await eventually(() => processesOf(home).length === 0);
  rmSync(home, { recursive: true, force: true });
}

/** One `up` with stand-ins for the API and the worker. */
export class UpProcess {
  output = '';
  readonly ended: Promise<number | null>;

  private constructor(
    readonly home: string,
    readonly child: ChildProcess,
  ) {
    const add = (chunk: Buffer) => void (this.output += chunk);
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  static async start(
    home: string,
    {
      env = {},
      api = 'api.mjs',
      worker = 'worker.mjs',
    }: { env?: NodeJS.ProcessEnv; api?: string; worker?: string } = {},
  ): Promise<UpProcess> {
    const ports = { PORT: '0', TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0' };
    const args = [join(PROGRAMS, 'up.mjs'), await compiled(), api, worker];
    return new UpProcess(
      home,
      spawn(process.execPath, args, {
        env: { ...process.env, ...ports, MISSION_HOME: home, ...env },
      }),
    );
  }

  /** Waits until it says that it is ready. */
  async ready(): Promise<Instance> {
    const said = () => this.output.includes('Stop it with Ctrl-C') || this.child.exitCode !== null;
    await eventually(said, 25_000);
    if (this.child.exitCode !== null) throw new Error(this.output);
    return JSON.parse(text(join(this.home, 'instance.json'))) as Instance;
  }

  async says(what: RegExp | string): Promise<string> {
    return eventually(() => (this.output.search(what) >= 0 ? this.output : ''));
  }

  /** The pid that a file or a log names. */
  pidOf(name: 'postgres' | 'temporal' | 'api' | 'worker'): number {
    if (name === 'postgres')
      return Number(text(join(this.home, 'postgres/postmaster.pid')).split('\n')[0]);
    if (name === 'temporal') return Number(text(join(this.home, 'temporal.pid')));
    return Number(
      text(join(this.home, `logs/${name}.log`)).match(/\d+(?= (?:runs|listens)\n*$)/)?.[0],
    );
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
