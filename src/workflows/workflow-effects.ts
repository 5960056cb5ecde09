import {
  ActivityCancellationType,
  ActivityFailure,
  CancelledFailure,
  isCancellation,
  scheduleActivity,
  scheduleLocalActivity,
  sleep,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { MissionError, toStepError } from '../contracts/errors.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json } from '../contracts/json.js';
import { MAX_INLINE_BYTES, type McpStep, type ScriptStep } from '../contracts/plan.js';
import type {
  LoopRecord,
  OwnStepInput,
  OwnStepOutput,
  RunInput,
  SegmentInput,
  SegmentOutput,
  SegmentStop,
  Spent,
  StepNote,
  StepPlace,
  StepRecord,
} from '../contracts/run.js';
import { isRef } from '../contracts/run.js';
import type { Block } from '../language/block.js';
import type { Effects } from '../language/effects.js';
import { evaluationScope, type RunValues } from '../language/evaluation-scope.js';
import { NeedsValue } from '../language/expression/needs-value.js';
import { render } from '../language/expression/template.js';
import { isLight } from '../language/is-light.js';
import { mergeRecords, recordsUnder } from '../language/records-under.js';
import { segmentName } from '../language/segment-name.js';
import { ReturnSignal, StepFailure } from '../language/signals.js';
import { stepPositions } from '../language/step-positions.js';
import { stepTemplate } from '../language/step-template.js';

/** The run goes on in a new history; everything that is known travels with it. */
export class ContinueSignal extends Error {}

const LOCAL = {
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;
/** Markers of one workflow task travel in one message of at most 4 MiB. */
const TASK_BYTES = 1024 * 1024;
const CARRIED_BYTES = 8 * 1024;
const FAULT_SECONDS = { first: 0.5, longest: 30 };
const FINISH_MS = 10 * 60_000;

/** The interpreter's effects in the workflow: activities, timers, the run's own clock. */
export class WorkflowEffects implements Effects {
  /** The journal said so before the engine did. */
  cancelled = false;
  private ended = false;
  private notes: StepNote[];
  private taskBytes = 0;
  private clockMs = 0;
  private readonly values: RunValues;
  private readonly positions;

  constructor(
    private readonly input: RunInput,
    private readonly records: Map<string, StepRecord>,
    private readonly spent: Spent,
  ) {
    this.notes = input.carried?.notes ?? [];
    this.positions = stepPositions(input.plan);
    this.values = {
      run: input.run,
      inputs: input.inputs,
      deref: () => undefined,
      now: () => this.now(),
    };
  }

  now(): number {
    return Math.max(Date.now(), this.clockMs);
  }

  async render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    try {
      return render(template, evaluationScope(this.values, block, place));
    } catch (thrown) {
      if (!(thrown instanceof NeedsValue)) throw thrown;
      const { run, inputs } = this.input;
      const scope = block.snapshot();
      const around = { run, inputs, scope, place, now_ms: this.now() };
      return this.answerOf(await this.local('values.render', { ...around, template }));
    }
  }

  async segment(start: StepPlace, block: Block): Promise<SegmentStop> {
    const { steps, index } = this.positions.get(start.path)!;
    const end = steps.findIndex((step, at) => at > index && !isLight(step));
    const { run, plan_hash, plan, inputs, deadline_ms, recovered } = this.input;
    const { limits } = plan;
    const output = await this.local<SegmentOutput>(
      segmentName(steps.slice(index, end < 0 ? steps.length : end)),
      {
        run,
        plan_hash,
        inputs,
        start,
        scope: block.snapshot(),
        records: recordsUnder(this.records, { steps, index }, start),
        remaining: {
          steps: limits.steps - this.spent.steps,
          iterations: limits.iterations - this.spent.iterations,
        },
        deadline_ms,
        recovered,
        notes: this.takeNotes(),
      } satisfies SegmentInput,
    );
    this.take(output);
    return output.stop;
  }

  async attempt(
    step: ScriptStep | McpStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ): Promise<Json> {
    const inputs = await this.rendered(step, place, block, attempt);
    const output = await this.own(step, {
      run: this.input.run,
      plan_hash: this.input.plan_hash,
      ...place,
      inputs,
      attempt,
      deadline_ms: this.input.deadline_ms,
      notes: this.takeNotes(),
    });
    this.taskBytes = 0;
    if ('error' in output && output.error.code === 'cancelled') this.cancel();
    return this.answerOf(output);
  }

  recall(): undefined {
    return undefined;
  }

  async backoff({ seconds, jitter }: { seconds: number; jitter: boolean }): Promise<void> {
    const ms = seconds * 1000 * (jitter ? 0.5 + Math.random() / 2 : 1);
    await this.wait(Math.min(ms, this.input.deadline_ms - this.now()));
  }

  handOver(): void {}

  async checkpoint(): Promise<void> {
    if (this.now() >= this.input.deadline_ms) this.exceeded('duration_seconds');
    if (workflowInfo().continueAsNewSuggested) throw new ContinueSignal();
    if (this.taskBytes > TASK_BYTES) await this.wait(1);
  }

  exceeded(limit: 'steps' | 'iterations' | 'duration_seconds'): never {
    const message = `The run has used up limits.${limit}: ${this.input.plan.limits[limit]}.`;
    throw new StepFailure({ code: `${limit}_exceeded`, message }, true);
  }

  note(note: StepNote): void {
    this.notes.push(note);
  }

  async keep(value: Json, limit = MAX_INLINE_BYTES): Promise<Json> {
    if (isRef(value) || JSON.stringify(value).length * 3 <= limit) return value;
    return this.local('values.keep', value, limit);
  }

  async fetch(value: Json): Promise<Json> {
    return isRef(value) ? this.local('values.fetch', value) : value;
  }

  compose(loop: LoopRecord, count: number): Promise<Json> {
    return this.local('values.compose', loop, count);
  }

  /** The input of the run's next history. */
  async carry(): Promise<RunInput> {
    for (const record of this.records.values()) {
      if (record.status === 'done') record.result = await this.keep(record.result, CARRIED_BYTES);
      if (record.status !== 'loop') continue;
      for (const [at, piece] of record.items.entries()) {
        record.items[at] = (await this.keep(piece, CARRIED_BYTES)) as typeof piece;
      }
    }
    const carried = { records: [...this.records], spent: this.spent, notes: this.notes };
    return { ...this.input, carried };
  }

  /** Writes the run's end, unless its last segment did. A database that stays away is left to the reconciler. */
  async finish(outcome: Outcome): Promise<void> {
    if (this.ended) return;
    const input = { run: this.input.run, outcome, notes: this.takeNotes() };
    await this.insist('run.finish', [input], this.now() + FINISH_MS).catch(() => {});
  }

  private take(output: SegmentOutput): void {
    if (output.ended) this.end(output.ended.result);
    mergeRecords(this.records, output.records);
    this.spent.steps += output.spent.steps;
    this.spent.iterations += output.spent.iterations;
    this.clockMs = output.now_ms;
    this.taskBytes += output.bytes;
    if (output.stop === 'cancelled') this.cancel();
  }

  private end(result: Json): never {
    this.ended = true;
    throw new ReturnSignal(result);
  }

  private answerOf(output: OwnStepOutput): Json {
    if ('result' in output) return output.result;
    const { code, message, data, retryable } = output.error;
    throw new MissionError(code, message, data, { retryable });
  }

  private cancel(): never {
    this.cancelled = true;
    throw new CancelledFailure('cancelled');
  }

  private takeNotes(): StepNote[] {
    const notes = this.notes;
    this.notes = [];
    return notes;
  }

  /** A step whose inputs cannot be rendered has failed without being called. */
  private async rendered(
    step: ScriptStep | McpStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ) {
    const started_ms = this.now();
    try {
      return await this.keep(await this.render(stepTemplate(step), block, place));
    } catch (thrown) {
      if (thrown instanceof MissionError) {
        const error = { step: step.name, ...toStepError(thrown) };
        const { name, kind } = step;
        const times = { started_ms, completed_ms: this.now() };
        this.note({ ...place, name, kind, status: 'error', attempt, error, ...times });
      }
      throw thrown;
    }
  }

  private async own(step: ScriptStep | McpStep, input: OwnStepInput): Promise<OwnStepOutput> {
    const remaining = Math.max(1, this.input.deadline_ms - this.now());
    try {
      return await scheduleActivity<OwnStepOutput>(step.name, [input], {
        startToCloseTimeout: (step.timeout_seconds! + 15) * 1000,
        scheduleToCloseTimeout: remaining,
        heartbeatTimeout: '10s',
        retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
        cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        summary: summaryOf(step, input),
      });
    } catch (thrown) {
      if (thrown instanceof ActivityFailure && !isCancellation(thrown)) {
        this.exceeded('duration_seconds');
      }
      throw thrown;
    }
  }

  private local<T>(name: string, ...args: unknown[]): Promise<T> {
    return this.insist<T>(name, args, this.input.deadline_ms);
  }

  /** Faults of the platform use up no attempts: they are repeated, at most 30 s apart, until the time is over. */
  private async insist<T>(name: string, args: unknown[], untilMs: number): Promise<T> {
    for (let pause = FAULT_SECONDS.first; ; pause = Math.min(pause * 2, FAULT_SECONDS.longest)) {
      try {
        return await scheduleLocalActivity<T>(name, args, LOCAL);
      } catch (thrown) {
        // A local activity's failure comes as it was thrown, without an ActivityFailure around it.
        if (!(thrown instanceof TemporalFailure) || isCancellation(thrown)) throw thrown;
        if (this.now() >= untilMs) this.exceeded('duration_seconds');
        await this.wait(pause * 1000);
      }
    }
  }

  private async wait(ms: number): Promise<void> {
    await sleep(Math.max(1, ms));
    this.taskBytes = 0;
  }
}

function summaryOf(step: ScriptStep | McpStep, input: OwnStepInput): string {
  const what =
    step.kind === 'script'
      ? `script ${step.script}`
      : `mcp ${text(step.server)}.${text(step.tool)}`;
  const where = input.iteration === '' ? '' : ` [${input.iteration}]`;
  const again = input.attempt > 1 ? `, attempt ${input.attempt}` : '';
  return `${what}${where}${again}`.slice(0, 200);
}

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
