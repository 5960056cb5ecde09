import { MissionError, toStepError, type StepError } from '../contracts/errors.js';
import type { Json, JsonObject } from '../contracts/json.js';
import type { McpStep, PlanStep, ScriptStep } from '../contracts/plan.js';
import type {
  LoopRecord,
  SegmentInput,
  StepNote,
  StepPlace,
  StepRecord,
} from '../contracts/run.js';
import type { Block } from '../language/block.js';
import type { Effects } from '../language/effects.js';
import { evaluationScope, type RunValues } from '../language/evaluation-scope.js';
import { NeedsValue } from '../language/expression/needs-value.js';
import { render } from '../language/expression/template.js';
import { composeLoop } from '../runs/compose-loop.js';
import { StopSignal } from '../language/signals.js';
import { recordKey } from '../language/record-key.js';
import type { Blobs } from '../runs/blobs.js';
import type { Journal, JournalRow, KnownStep } from '../runs/journal.js';
import { JournalBuffer } from './journal-buffer.js';
import type { LogBuffer } from './log-buffer.js';
import { unlessPlatformFault } from './platform-fault.js';
import type { StepRunner } from './step-runner.js';
import { stepTemplate } from '../language/step-template.js';

const WORK_MS = 3_000;
const RESULT_BYTES = 512 * 1024;

/** What a segment is given. */
export interface SegmentServices {
  journal: Journal;
  blobs: Blobs;
  runner: StepRunner;
  log: LogBuffer;
  permissions: readonly string[] | null;
  /** The engine cancels the segment, or the worker stops. */
  signal: AbortSignal;
  /** The run's cancellation was asked for. */
  cancelled: AbortSignal;
}

/** The interpreter's effects inside a segment: direct calls, each result journaled before the next step with an effect. */
export class SegmentEffects implements Effects {
  private readonly startedMs = Date.now();
  private readonly abort = new AbortController();
  private readonly values: RunValues;
  private readonly buffer = new JournalBuffer((rows) => this.commit(rows));
  private bytes = 0;
  private worked = false;
  private cancelled = false;

  constructor(
    private readonly services: SegmentServices,
    private readonly input: SegmentInput,
    private readonly key: string,
    private readonly fence: number,
    private readonly known: ReadonlyMap<string, KnownStep>,
  ) {
    services.signal.addEventListener('abort', () => this.abort.abort());
    services.cancelled.addEventListener('abort', () => this.cancel());
    this.values = {
      run: input.run,
      inputs: input.inputs,
      deref: (hash) => services.blobs.peek(hash),
      now: () => Date.now(),
    };
  }

  now = (): number => Date.now();

  async render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    const scope = evaluationScope(this.values, block, place);
    for (;;) {
      try {
        return render(template, scope);
      } catch (thrown) {
        if (!(thrown instanceof NeedsValue)) throw thrown;
        await this.services.blobs.get(thrown.hash);
      }
    }
  }

  async attempt(
    step: ScriptStep | McpStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ): Promise<Json> {
    const started_ms = Date.now();
    const row: Omit<JournalRow, 'status'> = {
      ...place,
      name: step.name,
      kind: step.kind,
      attempt,
      fused: true,
      vital: true,
      started_ms,
      completed_ms: started_ms,
    };
    try {
      row.inputs = await this.services.blobs.keep(
        await this.render(stepTemplate(step), block, place),
      );
      if (step.effect) await this.buffer.flush();
      row.result = await this.call(
        step,
        place,
        (await this.resolved(row.inputs)) as JsonObject,
        attempt,
      );
    } catch (thrown) {
      return this.failed(step, row, unlessPlatformFault(thrown));
    }
    this.buffer.add({ ...row, status: 'success', completed_ms: Date.now() }, step.effect);
    return row.result;
  }

  recall(_step: PlanStep, place: StepPlace, attempt: number): StepRecord | undefined {
    const row = this.known.get(recordKey(place));
    if (
      !row ||
      ((row.kind === 'conditional' || row.kind === 'foreach') && row.status !== 'skipped')
    ) {
      return undefined;
    }
    if (row.status === 'success') return { status: 'done', result: row.result };
    if (row.status === 'skipped') return { status: 'done', result: null, skipped: true };
    if (row.status !== 'error' || row.attempt !== attempt) return undefined;
    return { status: 'failed', error: row.error as StepError, attempt };
  }

  backoff(): never {
    throw new StopSignal('step');
  }

  handOver(): never {
    throw new StopSignal('step');
  }

  exceeded(): never {
    throw new StopSignal('step');
  }

  async checkpoint(): Promise<void> {
    await this.buffer.settle();
    if (this.abort.signal.aborted) throw new StopSignal(this.cancelled ? 'cancelled' : 'budget');
    if (Date.now() >= this.input.deadline_ms) throw new StopSignal('step');
    const spent = Date.now() - this.startedMs > WORK_MS || this.bytes > RESULT_BYTES;
    if (spent && this.worked) throw new StopSignal('budget');
    this.worked = true;
  }

  note(note: StepNote, fused = true): void {
    this.buffer.add({ ...note, fused });
  }

  async keep(value: Json): Promise<Json> {
    const kept = await this.services.blobs.keep(value);
    this.bytes += JSON.stringify(kept).length;
    return kept;
  }

  fetch(value: Json): Promise<Json> {
    return this.resolved(value);
  }

  compose(loop: LoopRecord, count: number): Promise<Json> {
    return composeLoop(this.services.blobs, loop, count);
  }

  /** Commits what is left. */
  flush(): Promise<void> {
    return this.buffer.flush();
  }

  /** Commits what is left and, with it, the end of a run that has succeeded. False = the end is still to be written. */
  async end(result: Json): Promise<boolean> {
    const { journal } = this.services;
    const rows = this.buffer.take();
    await this.buffer.written();
    return journal.commitEnd(this.input.run.id, this.key, this.fence, rows, result);
  }

  /** Learns whether the run is to be cancelled. */
  private async commit(rows: JournalRow[]): Promise<void> {
    const flags = await this.services.journal.commit(this.input.run.id, this.key, this.fence, rows);
    if (flags.cancelRequested) this.cancel();
  }

  private cancel(): void {
    this.cancelled = true;
    this.abort.abort();
  }

  private async call(
    step: ScriptStep | McpStep,
    place: StepPlace,
    inputs: JsonObject,
    attempt: number,
  ): Promise<Json> {
    const { runner, log, permissions } = this.services;
    const result = await runner.run({
      step,
      ...place,
      run: this.input.run,
      inputs,
      attempt,
      permissions,
      deadlineMs: this.input.deadline_ms,
      signal: this.abort.signal,
      log,
    });
    return this.keep(result);
  }

  private resolved(value: Json): Promise<Json> {
    return this.services.blobs.resolve(value);
  }

  /** A step cut off by cancellation has not failed: the segment stops where it was. */
  private failed(
    step: ScriptStep | McpStep,
    row: Omit<JournalRow, 'status'>,
    thrown: unknown,
  ): never {
    if (this.abort.signal.aborted) throw new StopSignal('cancelled');
    if (!(thrown instanceof MissionError)) throw thrown;
    const error = { step: step.name, ...toStepError(thrown) };
    this.buffer.add({ ...row, status: 'error', error, completed_ms: Date.now() }, step.effect);
    throw thrown;
  }
}
