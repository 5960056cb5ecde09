import { join } from 'node:path';

import type { JsonObject } from '../../contracts/json.js';
import type { ProjectScript, ScriptCall } from '../../contracts/script.js';
import { childEnvironment } from '../../platform/config-child-environment.js';
import { scriptEnvironment } from './environment.js';
import type { FileWatch } from './file-watch.js';
import { guard, type Bounds } from './guard.js';
import { GroupReaper } from './group-reaper.js';
import { wrapCommand } from './jail.js';
import { Places } from './places.js';
import { ProcessGroup } from './process-group.js';
import { findPython } from './python.js';
import { DEFAULT_RUNNER_LIMITS, type RunnerLimits } from './runner-limits.js';
import { RunnerPools } from './runner-pools.js';
import type { RunnerPool } from './runner-pool.js';
import { Runner } from './runner.js';
import { Scratch } from './scratch.js';
import { scriptFailure } from './script-failure.js';
import { shellCommand, ShellCall } from './shell-call.js';

export interface ScriptHostOptions {
  /** Working directory of every script. */
  projectPath: string;
  /** Where scratch directories are made. */
  scratchRoot: string;
  /** The worker's environment, of which scripts get an allow-listed part; its own when absent. */
  environment?: Record<string, string | undefined>;
  limits?: Partial<RunnerLimits>;
}

/** Runners lie beside the source, also when we run from `dist`: the build copies no plain files. */
const RUNNERS = join(import.meta.dirname, '../../../src/tools/scripts/runners');
const NODE_FLAGS = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
const PYTHON_FLAGS = ['-B', '-X', 'utf8'];

/**
 * Runs a project's own scripts as child processes: TypeScript, JavaScript and Python on warm
 * runners, whose module-level state outlives a call (a script must not count on it, nor on its
 * absence); shell in a fresh process each time. Each process leads its own group, gets an
 * allow-listed environment, and dies with this one.
 */
export class ScriptHost {
  private readonly limits: RunnerLimits;
  private readonly environment: Record<string, string>;
  private readonly scratch: Scratch;
  private readonly reaper: GroupReaper;
  private readonly pools: RunnerPools;
  private readonly shells: Places;
  private readonly groups = new Set<ProcessGroup>();
  private python: string | undefined;
  private closed = false;

  constructor(private readonly options: ScriptHostOptions) {
    this.limits = { ...DEFAULT_RUNNER_LIMITS, ...options.limits };
    this.scratch = new Scratch(options.scratchRoot);
    const worker = options.environment ?? childEnvironment({}, ['TZ']);
    this.environment = scriptEnvironment(worker, this.scratch.directory);
    this.reaper = new GroupReaper(this.scratch.directory);
    this.pools = new RunnerPools(this.limits, (script, watch) => this.startRunner(script, watch));
    this.shells = new Places(this.limits.shells);
  }

  /**
   * Runs one call to its end: it waits its turn for a process (at most 30 s, or `timeoutMs` if that is
   * longer), and then may take `timeoutMs`.
   * @returns the result; a value that is not an object arrives as `{ value }`
   * @throws MissionError
   * - `script_error`, or the code of the script's own error: it threw, or its process ended
   *   (`data.stderr` = last 4 KiB; `retryable: false` if the script's error says so). A runner that
   *   is killed from outside in the middle of a call cannot be told from one that ran out of memory.
   * - `timeout`, `cancelled`: its whole process group is gone when this is thrown
   * - `output_invalid`: no result, one that JSON cannot carry, or over 1 MiB of result or output
   * - `script_not_available`: the file or its interpreter is missing
   * - `unavailable`, retryable: no process became free in time; the script did not run
   * - `internal`, retryable: the platform's own fault. A process could not be started or was lost before
   *   the call reached it, or the host was closed meanwhile
   */
  async run(script: ProjectScript, call: ScriptCall): Promise<JsonObject> {
    if (call.signal.aborted) throw scriptFailure.cancelled(script.name);
    if (this.closed) throw scriptFailure.stopping(script.name);
    try {
      return await (script.language === 'sh'
        ? this.runShell(script, call)
        : this.runWarm(script, call));
    } catch (error) {
      throw this.closed && !call.signal.aborted ? scriptFailure.stopping(script.name) : error;
    }
  }

  /** Stops everything; calls under way reject. Resolves when no process and no directory is left. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const groups = [...this.groups];
    for (const group of groups) group.kill();
    await this.pools.close();
    await Promise.all(groups.map((group) => group.ended));
    await this.reaper.close();
    await this.scratch.close();
  }

  private async runWarm(script: ProjectScript, call: ScriptCall): Promise<JsonObject> {
    if (script.language === 'py')
      this.python ??= await findPython(this.options.projectPath, this.environment);
    const pool = this.pools.of(script);
    const runner = pool.take() ?? (await this.queue(pool, script, call));
    try {
      return await this.inScratch((scratch_dir) => {
        const work = runner.run(call, { ...call.context, scratch_dir });
        return guard(
          work,
          this.bounds(script, call, () => stop(runner)),
        );
      });
    } finally {
      if (runner.worn)
        call.onLog('debug', `script '${script.name}' gets a new runner: ${runner.worn}`);
      pool.release(runner);
    }
  }

  private queue(pool: RunnerPool, script: ProjectScript, call: ScriptCall): Promise<Runner> {
    const ticket = pool.wait();
    return this.waitFor(ticket.runner, script, call, ticket.cancel);
  }

  private async runShell(script: ProjectScript, call: ScriptCall): Promise<JsonObject> {
    const place = this.shells.wait();
    await this.waitFor(place.ready, script, call, place.cancel);
    try {
      const command = await shellCommand(script);
      return await this.inScratch((scratch_dir) => {
        const group = this.spawn(command, ['pipe', 'pipe', 'pipe'], scratch_dir);
        const work = new ShellCall(script, call, group).run({ ...call.context, scratch_dir });
        return guard(
          work,
          this.bounds(script, call, () => stop(group)),
        );
      });
    } finally {
      this.shells.release();
    }
  }

  /** Waits for a place, however short the call itself: others are served in their turn. */
  private waitFor<T>(
    place: Promise<T>,
    script: ProjectScript,
    call: ScriptCall,
    leave: () => void,
  ): Promise<T> {
    const ms = Math.max(call.timeoutMs, this.limits.waitMs);
    const late = () => scriptFailure.busy(script.name, ms);
    return guard(place, { ...this.bounds(script, call, leave), ms, late });
  }

  private bounds(
    { name }: ProjectScript,
    { timeoutMs, signal }: ScriptCall,
    stop: Bounds['stop'],
  ): Bounds {
    return {
      ms: timeoutMs,
      signal,
      late: () => scriptFailure.timeout(name, timeoutMs),
      cancelled: () => scriptFailure.cancelled(name),
      stop,
    };
  }

  private async inScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
    const directory = this.scratch.take();
    try {
      return await work(directory);
    } finally {
      await this.scratch.release(directory);
    }
  }

  private startRunner(script: ProjectScript, watch: FileWatch): Runner {
    const command =
      script.language === 'py'
        ? [this.python!, ...PYTHON_FLAGS, join(RUNNERS, 'python-runner.py')]
        : [process.execPath, ...NODE_FLAGS, join(RUNNERS, 'node-runner.mjs')];
    const group = this.spawn([...command, script.file], ['ignore', 'pipe', 'pipe', 'pipe', 'pipe']);
    return new Runner(script, group, (files) => watch.add(files));
  }

  private spawn(
    command: readonly string[],
    stdio: ('pipe' | 'ignore')[],
    TMPDIR = this.scratch.directory,
  ): ProcessGroup {
    if (this.closed) throw new Error('the host is closed');
    const options = { cwd: this.options.projectPath, env: { ...this.environment, TMPDIR }, stdio };
    const group = new ProcessGroup(wrapCommand(command, []), options, this.reaper);
    this.groups.add(group);
    void group.ended.then(() => this.groups.delete(group));
    return group;
  }
}

function stop(process: { kill(): void; ended: Promise<unknown> }): Promise<unknown> {
  process.kill();
  return process.ended;
}
