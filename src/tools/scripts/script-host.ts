import type { JsonObject } from '../../contracts/json.js';
import type { ProjectScript, ScriptCall } from '../../contracts/script.js';
import { childEnvironment } from '../../platform/config-child-environment.js';
import { scriptEnvironment } from './environment.js';
import { guard, type Bounds } from './guard.js';
import { Places } from './places.js';
import { DEFAULT_RUNNER_LIMITS, type RunnerLimits } from './runner-limits.js';
import { RunnerPools } from './runner-pools.js';
import type { RunnerPool } from './runner-pool.js';
import type { Runner } from './runner.js';
import { Scratch } from './scratch.js';
import { scriptFailure } from './script-failure.js';
import { ScriptProcesses } from './script-processes.js';
import { ShellCall } from './shell-call.js';

export interface ScriptHostOptions {
  /** Working directory of every script. */
  projectPath: string;
  /** Where scratch directories are made. */
  scratchRoot: string;
  /** The worker's environment, of which scripts get an allow-listed part; its own when absent. */
  environment?: Record<string, string | undefined>;
  /** Names of variables that scripts may see besides the usual ones. */
  passedOn?: readonly string[];
  limits?: Partial<RunnerLimits>;
}

/**
 * Runs a project's own scripts as child processes: TypeScript, JavaScript and Python on warm
 * runners, whose module-level state outlives a call (a script must not count on it, nor on its
 * absence); shell in a fresh process each time. Each process leads its own group, gets an
 * allow-listed environment, and dies with this one.
 */
export class ScriptHost {
  private readonly limits: RunnerLimits;
  private readonly scratch: Scratch;
  private readonly processes: ScriptProcesses;
  private readonly pools: RunnerPools;
  private readonly shells: Places;
  private closed = false;

  constructor(options: ScriptHostOptions) {
    const { projectPath, scratchRoot, passedOn = [], limits } = options;
    const { environment = childEnvironment({}, ['TZ', ...passedOn]) } = options;
    this.limits = { ...DEFAULT_RUNNER_LIMITS, ...limits };
    this.scratch = new Scratch(scratchRoot);
    const { directory } = this.scratch;
    const allowed = scriptEnvironment(environment, directory, passedOn);
    const processes = new ScriptProcesses(projectPath, allowed, directory);
    this.pools = new RunnerPools(this.limits, (...script) => processes.startRunner(...script));
    this.processes = processes;
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
    await Promise.all([this.pools.close(), this.processes.close()]);
    await this.scratch.close();
  }

  private async runWarm(script: ProjectScript, call: ScriptCall): Promise<JsonObject> {
    await this.processes.prepare(script.language);
    const pool = this.pools.of(script);
    const runner = pool.take() ?? (await this.queue(pool, script, call));
    try {
      return await this.inScratch((scratch_dir) => this.runOn(runner, script, call, scratch_dir));
    } finally {
      pool.release(runner);
    }
  }

  private async runOn(
    runner: Runner,
    script: ProjectScript,
    call: ScriptCall,
    scratch_dir: string,
  ): Promise<JsonObject> {
    const bounds = this.bounds(script, call, () => stop(runner));
    try {
      return await guard(runner.run(call, { ...call.context, scratch_dir }), bounds);
    } finally {
      if (runner.worn) {
        call.onLog('debug', `script '${script.name}' gets a new runner: ${runner.worn}`);
        await stop(runner);
      }
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
      return await this.inScratch(async (scratch_dir) => {
        const group = await this.processes.startShell(script, scratch_dir);
        const bounds = this.bounds(script, call, () => stop(group));
        const shell = new ShellCall(script, call, group);
        return guard(shell.run({ ...call.context, scratch_dir }), bounds);
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
}

function stop(process: { kill(): void; ended: Promise<unknown> }): Promise<unknown> {
  process.kill();
  return process.ended;
}
