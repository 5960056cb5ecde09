import { MissionError } from '../../contracts/errors.js';
import { isObject, type JsonObject } from '../../contracts/json/json.js';
import type { ProjectScript, ScriptCall, ScriptContext } from '../../contracts/script.js';
import { childEnvironment } from '../../platform/config/config-child-environment.js';
import type { JailMethod } from '../../sandbox/bubblewrap/jail-method.js';
import type { Confines } from '../../sandbox/confines.js';
import { scriptEnvironment } from './environment.js';
import type { PathEntry } from '../../sandbox/project/expand-scope.js';
import { FileWatch } from './files/file-watch.js';
import { readGrants } from '../../sandbox/project/grants.js';
import { withLimits, type WorkLimits } from '../with-limits.js';
import { Jail } from '../../sandbox/jail.js';
import { Semaphore } from './semaphore.js';
import { ProcessWatch } from '../../sandbox/processes/process-watch.js';
import { DEFAULT_RUNNER_LIMITS, type RunnerLimits } from './processes/runner-limits.js';
import { RunnerPools, type Tenant } from './processes/runner-pools.js';
import type { RunnerPool } from './processes/runner-pool.js';
import type { Runner } from './processes/runner.js';
import { Scratch, type CallFolder, type ScratchHome } from '../../sandbox/files/scratch.js';
import { scriptFailure } from './processes/script-failure.js';
import { ScriptProcesses } from './processes/script-processes.js';
import { DEFAULT_SCRIPT_LIMITS, type ScriptLimits } from '../../sandbox/processes/script-limits.js';
import { ShellCall } from './processes/shell-call.js';
import { placed } from './processes/thrown-error.js';
import { maySecret } from './processes/script-messages.js';

/**
 * Codes that are not logged as a warning, because the script itself did not
 * fail.
 */
const UNLOGGED = new Set(['cancelled', 'unavailable', 'internal']);

export interface ScriptHostOptions {
  /** Working directory of every script. */
  projectPath: string;
  /** Directory in which scratch directories are created. */
  scratchRoot: string;
  /**
   * The method that jails scripts; without one they run with the rights of this
   * process.
   */
  jail?: JailMethod | undefined;
  /**
   * Paths that a jailed script must not see, wherever they are: `MISSION_HOME`,
   * key files and secret files.
   */
  confidential?: readonly string[];
  /** Paths that jailed scripts must not change unless a scope names them. */
  closed?: readonly PathEntry[];
  /**
   * Called with a protected path that was replaced from outside, so that a
   * jailed script could reach it for a moment.
   */
  onBreach?: (path: string) => void;
  /** Paths that jailed scripts can read besides the system's. */
  visible?: readonly string[];
  /**
   * The worker's environment, of which scripts get an allow-listed part; the
   * process's own when absent.
   */
  environment?: Record<string, string | undefined>;
  /** Names of variables that scripts may see besides the standard ones. */
  passedOn?: readonly string[];
  limits?: Partial<RunnerLimits>;
  /** Limits for the processes of one call. */
  bounds?: Partial<ScriptLimits>;
}

/**
 * Runs a project's own scripts as child processes, jailed where that is
 * possible. TypeScript, JavaScript and Python run on warm runners, whose
 * module-level state outlives a call (a script must not rely on that state, nor
 * on its absence); shell scripts, and calls that ask for it, run in a fresh
 * process each. Each process leads its own group, gets an allow-listed
 * environment, and ends when this process ends.
 */
export class ScriptHost {
  private readonly limits: RunnerLimits;
  private readonly scratch: Scratch;
  private readonly processes: ScriptProcesses;
  private readonly pools: RunnerPools;
  private readonly single: Semaphore;
  private readonly watch: ProcessWatch;
  private closed = false;

  constructor(options: ScriptHostOptions) {
    const { projectPath, scratchRoot, passedOn = [], limits } = options;
    const { environment = childEnvironment({}, ['TZ', ...passedOn]) } = options;
    const bounds = { ...DEFAULT_SCRIPT_LIMITS, ...options.bounds };
    this.limits = { ...DEFAULT_RUNNER_LIMITS, ...limits };
    this.scratch = new Scratch(scratchRoot);
    const { directory } = this.scratch;
    const { jail: way, visible = [], onBreach = () => undefined } = options;
    const { confidential = [directory], closed = [] } = options;
    const keeps = { confidential, closed, onBreach };
    const jail =
      way && new Jail({ way, project: projectPath, ...keeps, directory, limits: bounds });
    const allowed = scriptEnvironment(environment, directory, passedOn);
    const processes = new ScriptProcesses(projectPath, allowed, this.scratch, jail, visible);
    this.pools = new RunnerPools(this.limits, (tenant, watch) =>
      processes.startRunner(tenant.script, watch, tenant.grants),
    );
    this.processes = processes;
    this.single = new Semaphore(this.limits.shells);
    this.watch = new ProcessWatch(bounds);
  }

  /**
   * Runs one call to its end: it waits its turn for a process (at most 30 s, or `timeoutMs` if that is
   * longer), and then may take `timeoutMs`.
   * @returns the result; a value that is not an object arrives as `{ value }`
   * @throws MissionError
   * - `script_error`, or the code of the script's own error: it threw, its process ended, or its processes
   *   took more than they may (`data.stderr` = last 4 KiB; `retryable: false` if the script's error says so). A runner that
   *   is killed from outside in the middle of a call cannot be distinguished from one that ran
   *   out of memory.
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
      await this.processes.prepare(script.language);
      if (script.language === 'sh')
        return await this.alone(script, call, () => this.runShell(script, call));
      if (call.fresh || call.confidential || maySecret(call))
        return await this.alone(script, call, () => this.runFresh(script, call));
      return await this.runWarm(script, call);
    } catch (error) {
      if (this.closed && !call.signal.aborted) throw scriptFailure.stopping(script.name);
      logFailure(call, error);
      throw error;
    }
  }

  /**
   * Stops all processes; calls in progress reject. Resolves when no process and
   * no directory is left.
   */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.watch.close();
    await Promise.all([this.pools.close(), this.processes.close()]);
    await this.scratch.close();
  }

  private async runWarm(script: ProjectScript, call: ScriptCall): Promise<JsonObject> {
    const pool = this.pools.of(tenantOf(script, call));
    const runner = pool.take() ?? (await this.queue(pool, script, call));
    try {
      return await this.runOn(runner, script, call);
    } finally {
      pool.release(runner);
    }
  }

  /** Runs a call in a process that serves no other call. */
  private async runFresh(script: ProjectScript, call: ScriptCall): Promise<JsonObject> {
    const grants = readGrants(call.permissions);
    const runner = this.processes.startRunner(script, new FileWatch([]), grants);
    const { loadMs } = this.limits;
    const overdue = setTimeout(() => runner.giveUpLoading(loadMs), loadMs);
    try {
      await this.waitFor(runner.ready, script, call, () => stop(runner));
      return await this.runOn(runner, script, call);
    } finally {
      clearTimeout(overdue);
      await stop(runner);
    }
  }

  private async runOn(
    runner: Runner,
    script: ProjectScript,
    call: ScriptCall,
  ): Promise<JsonObject> {
    const bounds = this.bounds(script, call, () => stop(runner));
    const onExceeded = (what: string) =>
      runner.giveUp(scriptFailure.limitExceeded(script.name, what));
    const unwatch = this.watch.begin(runner.pid, runner.calls === 0, onExceeded);
    const folder = runner.home.take();
    try {
      return await withArtifacts(call, runner.home, () =>
        withLimits(runner.run(call, contextOf(call, folder, runner.home)), bounds),
      );
    } catch (error) {
      if (!(error instanceof MissionError))
        runner.unusable ??= 'the directories of the script cannot be prepared';
      throw error;
    } finally {
      unwatch();
      reportRefusals(call, runner.confines);
      if (!(await runner.home.release(folder)))
        runner.unusable ??= 'files that the script left cannot be removed';
      if (runner.unusable && !call.fresh) {
        call.onLog('debug', `script '${script.name}' gets a new runner: ${runner.unusable}`);
        await stop(runner);
      }
    }
  }

  private queue(pool: RunnerPool, script: ProjectScript, call: ScriptCall): Promise<Runner> {
    const ticket = pool.wait();
    return this.waitFor(ticket.runner, script, call, ticket.cancel);
  }

  /** Limits the number of processes that serve a single call. */
  private async alone(
    script: ProjectScript,
    call: ScriptCall,
    work: () => Promise<JsonObject>,
  ): Promise<JsonObject> {
    const place = this.single.wait();
    await this.waitFor(place.ready, script, call, place.cancel);
    return work().finally(() => this.single.release());
  }

  private async runShell(script: ProjectScript, call: ScriptCall): Promise<JsonObject> {
    const process = await this.processes.startShell(script, readGrants(call.permissions));
    const { group, home, folder, confines } = process;
    const shell = new ShellCall(script, call, group, confines);
    const onExceeded = (what: string) =>
      shell.giveUp(scriptFailure.limitExceeded(script.name, what));
    const unwatch = this.watch.begin(group.child.pid, true, onExceeded);
    try {
      const bounds = this.bounds(script, call, () => stop(group));
      return await withArtifacts(call, home, () =>
        withLimits(shell.run(contextOf(call, folder, home)), bounds),
      );
    } finally {
      unwatch();
      reportRefusals(call, confines);
      await home.close();
    }
  }

  /**
   * Waits for a runner. A call with a short timeout may still wait up to
   * `waitMs`, because calls are served in order.
   */
  private waitFor<T>(
    place: Promise<T>,
    script: ProjectScript,
    call: ScriptCall,
    leave: WorkLimits['stop'],
  ): Promise<T> {
    const ms = Math.max(call.timeoutMs, this.limits.waitMs);
    const late = () => scriptFailure.busy(script.name, ms);
    return withLimits(place, { ...this.bounds(script, call, leave), ms, late });
  }

  private bounds(
    { name }: ProjectScript,
    { timeoutMs, signal }: ScriptCall,
    stop: WorkLimits['stop'],
  ): WorkLimits {
    return {
      ms: timeoutMs,
      signal,
      late: () => scriptFailure.timeout(name, timeoutMs),
      cancelled: () => scriptFailure.cancelled(name),
      stop,
    };
  }
}

function tenantOf(script: ProjectScript, { permissions, principal }: ScriptCall): Tenant {
  const grants = readGrants(permissions);
  return { script, grants, key: JSON.stringify([script.file, principal, grants]) };
}

const contextOf = (
  { context }: ScriptCall,
  { scratch }: CallFolder,
  { artifacts }: ScratchHome,
): ScriptContext => ({
  ...context,
  scratch_dir: scratch,
  artifacts_dir: artifacts.path,
});

/**
 * Puts the run's files into the call's directory, and collects them after the
 * call has succeeded.
 */
async function withArtifacts(
  { artifacts }: ScriptCall,
  home: ScratchHome,
  work: () => Promise<JsonObject>,
): Promise<JsonObject> {
  await artifacts?.fill(home.artifacts);
  const result = await work();
  await artifacts?.collect(home.artifacts);
  return result;
}

/**
 * Logs one line for each failure, with the frames of its trace in the data: an
 * expected failure must not flood the log.
 */
function logFailure({ onLog }: ScriptCall, error: unknown): void {
  if (!(error instanceof MissionError) || UNLOGGED.has(error.code)) return;
  const { data, message } = error;
  const { at, trace, refused } = isObject(data) ? data : {};
  // A refused access has a log entry of its own.
  if (refused === undefined)
    onLog('warn', placed(message, at), trace === undefined ? undefined : { trace });
}

/**
 * Reports what the jail refused, also when the script handled the error itself.
 */
function reportRefusals({ onRefused }: ScriptCall, { refused }: Confines): void {
  for (const refusal of refused) onRefused?.(refusal);
}

function stop(process: { kill(): void; ended: Promise<unknown> }): Promise<unknown> {
  process.kill();
  return process.ended;
}
