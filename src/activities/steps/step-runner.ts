import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { Decisions } from '../../access/permissions/decisions.js';
import type { Secrets } from '../../access/secrets/secrets.js';
import type { CallStep, InputSpec, LlmStep, ScriptStep } from '../../contracts/plan.js';
import type { Budget } from '../../contracts/model-turn.js';
import type { RunScope } from '../../contracts/run/scope.js';
import type { StepPlace } from '../../contracts/run/place.js';
import type { ProjectScript, ScriptCall, ScriptRefusal } from '../../contracts/script.js';
import { MCP_PROGRESS_FACTOR } from '../../contracts/mcp.js';
import { callSpecOf } from '../../language/plan/kinds.js';
import { requireUse, rightToUse } from '../../language/run/state/require-use.js';
import type { AuditRecord } from '../../observation/record.js';
import type { Redactor } from '../../platform/redaction/redactor.js';
import type { NewEvent } from '../../runs/events.js';
import type { ThreadStreams } from '../../threads/events/thread-streams.js';
import type { AskOptions } from '../../contracts/model.js';
import { fillSecrets } from './fill-secrets.js';
import type { LogBuffer } from './log-buffer.js';
import type { RunArtifacts } from './run-artifacts.js';
import type { ProgressOfStep, StepProgress } from './step-progress.js';
import { warnOfMissing, warnOfText } from './result-warnings.js';

type OnProgress = (done: number, total: number | undefined, message: string | undefined) => void;

/** The tools that steps call. */
export interface Tools {
  systemScripts: {
    run(name: string, call: ScriptCall, permissions: readonly string[] | null): Promise<JsonObject>;
  };
  projectScripts: { run(script: ProjectScript, call: ScriptCall): Promise<JsonObject> };
  findScript(name: string): Promise<ProjectScript | undefined>;
  mcp: {
    call(
      server: string,
      tool: string,
      args: JsonObject,
      options: {
        timeoutMs: number;
        maxTimeoutMs: number;
        signal: AbortSignal;
        idempotencyKey: string;
        onProgress: OnProgress;
      },
    ): Promise<Json>;
  };
  events: { emit(event: NewEvent): Promise<JsonObject> };
  turns: { take(call: StepCall, options: AskOptions): Promise<Json> };
  /** Tells the readers of a thread which tools are called. */
  streams: Pick<ThreadStreams, 'around'>;
  secrets: Pick<Secrets, 'resolve'>;
  /** Records what steps are allowed and refused, and tells who refuses. */
  decisions: Pick<Decisions, 'explained' | 'noted' | 'granted'>;
  audit(record: AuditRecord): Promise<void>;
  /** Redacts the results and errors of all calls. */
  redactor: Redactor;
  projectPath: string;
}

/** One attempt of a call, with its inputs evaluated. */
export interface StepCall extends StepPlace {
  step: CallStep;
  run: RunScope;
  /** The inputs of a script; `{server, tool, arguments}` for an MCP call; `{event, data}` for an event. */
  inputs: JsonObject;
  attempt: number;
  permissions: readonly string[] | null;
  /** The declared inputs of the directive. */
  declared: Readonly<Record<string, InputSpec>>;
  deadlineMs: number;
  signal: AbortSignal;
  log: LogBuffer;
  /** For a turn of a model: its `llm` step, and the rest of the run's budget. */
  turn?: { llm: LlmStep; budget: Budget };
  /** Absent = progress is not written. */
  progress?: StepProgress | undefined;
  /** Absent = the call has no access to artifacts. */
  artifacts?: RunArtifacts | undefined;
}

/**
 * Runs scripts, MCP calls, events and turns of models. Rejects with a MissionError when the step fails. Only this class
 * replaces references by secrets, and redacts them in results and errors; the recorder redacts log lines.
 */
export class StepRunner {
  /** Calls whose first refusal by the jail is recorded. A script may be refused thousands of times. */
  private readonly told = new WeakSet<StepCall>();

  constructor(private readonly tools: Tools) {}

  async run(call: StepCall): Promise<Json> {
    const { redactor } = this.tools;
    try {
      const inputs = await this.filled(call);
      const result = await this.streamed(call, async () =>
        redactor.json(await this.make({ ...call, inputs }, inputs !== call.inputs)),
      );
      warnOfMissing(call, result);
      return result;
    } catch (thrown) {
      const error = await this.tools.decisions.explained(call, redactor.error(thrown));
      throw redactor.error(error);
    }
  }

  /** Makes a call; in a thread, its readers are told of it. */
  private async streamed(call: StepCall, make: () => Promise<Json>): Promise<Json> {
    const { step, run, inputs: input } = call;
    if (!run.thread || step.kind === 'turn') return make();
    const { streams, decisions } = this.tools;
    const tool = { id: keyOf(call), name: toolNameOf(step), input };
    const result = await streams.around(run.thread, tool, make);
    decisions.granted(call, { permission: rightOf(call), target: tool.name });
    return result;
  }

  /** Writes a refusal to the logs, once for each step to that of audit. A failed write does not fail the step. */
  private async refused(call: StepCall, script: string, refusal: ScriptRefusal): Promise<void> {
    const { permission = null, message } = refusal;
    const target = this.tools.redactor.line(refusal.target);
    const place = placeOf(call);
    const source = `script:${script}`;
    call.log.add({ level: 'warn', message, data: { permission }, source, ...place });
    const record = { actor: call.run.actor, action: 'script.refused', target };
    const once = `${place.run_id}:${place.step_path}`;
    await this.tools
      .audit({ ...record, data: { script, permission, ...place }, once })
      .catch(() => {});
    if (this.told.has(call)) return;
    this.told.add(call);
    const { decisions, redactor } = this.tools;
    await decisions.noted(call, { permission, target }, redactor.line(message));
  }

  private filled(call: StepCall): Promise<JsonObject> {
    // Events are stored and sent to other runs, so they get no secrets.
    if (callSpecOf(call.step).secrets(call.step) === null) return Promise.resolve(call.inputs);
    return fillSecrets(call.step, call.inputs, call, (name) => this.secret(call, name));
  }

  private secret({ run, permissions, path, iteration }: StepCall, name: string): Promise<string> {
    const where = { run_id: run.id, step_path: path, ...(iteration && { iteration }) };
    return this.tools.secrets.resolve(name, { actor: run.actor, permissions, where });
  }

  private async make(call: StepCall, confidential: boolean): Promise<Json> {
    requireUse(call.step, call.inputs, call.permissions);
    switch (call.step.kind) {
      case 'script':
        return this.script(call, confidential);
      case 'mcp':
        return this.mcp(call);
      case 'emit':
        return this.emit(call);
      case 'turn':
        return this.tools.turns.take(call, { timeoutMs: timeoutOf(call), signal: call.signal });
    }
  }

  private async emit(call: StepCall): Promise<JsonObject> {
    const { run, inputs } = call;
    const { event, data } = inputs as { event: Json; data: JsonObject };
    const { id: run_id, actor } = run;
    return this.tools.events.emit({ name: String(event), data, key: keyOf(call), run_id, actor });
  }

  private async mcp(call: StepCall): Promise<Json> {
    const { server, tool, arguments: args } = call.inputs;
    const source = `mcp:${String(server)}`;
    const result = await this.withProgress(call, (progress) =>
      this.tools.mcp.call(String(server), String(tool), (args ?? {}) as JsonObject, {
        timeoutMs: timeoutOf(call),
        maxTimeoutMs: timeoutOf(call, MCP_PROGRESS_FACTOR),
        signal: call.signal,
        idempotencyKey: keyOf(call),
        onProgress: this.onProgress(call, source, progress),
      }),
    );
    warnOfText(call, result);
    return result;
  }

  private script(call: StepCall, confidential: boolean): Promise<JsonObject> {
    return this.withProgress(call, (progress) => this.runScript(call, confidential, progress));
  }

  /** Runs `work` with a progress for the step, which ends before the result is returned. */
  private async withProgress<T>(
    call: StepCall,
    work: (progress: ProgressOfStep | undefined) => Promise<T>,
  ): Promise<T> {
    const { path, iteration, attempt } = call;
    const { name, kind } = call.step;
    const started_ms = Date.now();
    const progress = call.progress?.begin({ path, iteration, name, kind, attempt, started_ms });
    try {
      return await work(progress);
    } finally {
      await progress?.end();
    }
  }

  private onProgress(call: StepCall, source: string, progress?: ProgressOfStep): OnProgress {
    return (done, most, message) => {
      const total = most ?? null;
      const text = message === undefined ? null : this.tools.redactor.line(message).slice(0, 500);
      progress?.set({ done, total, message: text });
      call.log.add({
        level: 'debug',
        message: message ?? `progress ${done}${total === null ? '' : ` of ${total}`}`,
        data: { done, total },
        source,
        ...placeOf(call),
      });
    };
  }

  private async runScript(
    call: StepCall,
    confidential: boolean,
    progress?: ProgressOfStep,
  ): Promise<JsonObject> {
    const step = call.step as ScriptStep;
    const scriptCall = { ...this.scriptCall(call, step.script, progress), confidential };
    if (step.system) {
      return this.tools.systemScripts.run(step.script, scriptCall, call.permissions);
    }
    const script = await this.tools.findScript(step.script);
    if (!script) {
      const text = `The project no longer has a script "${step.script}". Restore it in .ai/scripts.`;
      throw new MissionError('script_not_available', text);
    }
    return this.tools.projectScripts.run(script, scriptCall);
  }

  private scriptCall(
    call: StepCall,
    name: string,
    progress?: ProgressOfStep,
  ): Omit<ScriptCall, 'confidential'> {
    const timeoutMs = timeoutOf(call);
    return {
      name,
      inputs: call.inputs,
      timeoutMs,
      permissions: call.permissions,
      principal: call.run.actor,
      fresh: call.step.kind === 'script' && call.step.isolation === 'process',
      signal: call.signal,
      ...(call.artifacts && { artifacts: call.artifacts.exchange(placeOf(call), call.log) }),
      context: {
        run_id: call.run.id,
        step_path: call.path,
        iteration: call.iteration,
        attempt: call.attempt,
        idempotency_key: keyOf(call),
        project_path: this.tools.projectPath,
        scratch_dir: '',
        artifacts_dir: '',
        deadline: new Date(Date.now() + timeoutMs).toISOString(),
      },
      secret: (wanted) => this.secret(call, wanted),
      onLog: (level, message, data) =>
        call.log.add({ level, message, data, source: `script:${name}`, ...placeOf(call) }),
      onHeartbeat: () => progress?.beat(),
      onRefused: (refusal) => void this.refused(call, name, refusal),
      onProgress: this.onProgress(call, `script:${name}`, progress),
    };
  }
}

/** The name of a tool as models know it. */
const toolNameOf = (step: CallStep): string =>
  step.kind === 'script' ? step.script.replace(/^kernel_/, '') : step.name;

/** The right that a call needed; null = none. */
function rightOf({ step, inputs }: StepCall): string | null {
  if (step.kind === 'script')
    return step.script.startsWith('kernel_') ? `execute:kernel:${toolNameOf(step)}` : null;
  return rightToUse(step, inputs)?.right ?? null;
}

/** The idempotency key of an effect. It does not contain the attempt, so that a repetition is recognised. */
const keyOf = ({ run, path, iteration }: StepCall): string => `${run.id}:${path}:${iteration}`;

const placeOf = ({ run, path, iteration }: StepCall) => ({
  run_id: run.id,
  step_path: path,
  iteration,
});

/** Milliseconds for one attempt: `times` the step's timeout, but never beyond the run's deadline. */
function timeoutOf({ step, deadlineMs }: StepCall, times = 1): number {
  const seconds = (step.timeout_seconds ?? callSpecOf(step).timeout_seconds) * times;
  return Math.max(1, Math.min(seconds * 1000, deadlineMs - Date.now()));
}
