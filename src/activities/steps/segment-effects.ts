import { MissionError, type StepError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { CallStep, Plan, PlanStep } from '../../contracts/plan.js';
import type { SegmentInput, StepNote } from '../../contracts/run/segment.js';
import type { Spent } from '../../contracts/run/spent.js';
import type { StepPlace } from '../../contracts/run/place.js';
import type { StepRecord } from '../../contracts/run/records.js';
import type { Block } from '../../language/run/state/block.js';
import type { Effects } from '../../language/run/state/effects.js';
import { readsClock } from '../../language/plan/reads-clock.js';
import { isWithin, iterationOf } from '../../language/plan/steps/keys-inside.js';
import { iterationPlace, recordKey } from '../../language/plan/steps/record-key.js';
import { StopSignal } from '../../language/run/state/signals.js';
import { isComposite } from '../../language/plan/kinds.js';
import { compensationScope } from '../../language/run/compensation.js';
import { stepTemplate } from '../../language/plan/steps/step-template.js';
import type { Blobs } from '../../runs/values/blobs.js';
import type { HeldSegment, Journal } from '../../runs/journal/journal.js';
import type { JournalRow, KnownStep } from '../../runs/journal/journal-row.js';
import { failureOf } from './failure-of.js';
import { JournalBuffer } from './journal-buffer.js';
import type { LogBuffer } from './log-buffer.js';
import type { notInSegment } from './not-in-segment.js';
import { PlatformFault, unlessPlatformFault } from '../../contracts/platform-fault.js';
import { StoredValues, type ValueSource } from '../../replays/stored-values.js';
import type { RunArtifacts } from './run-artifacts.js';
import type { StepProgress } from './step-progress.js';
import type { StepRunner } from './step-runner.js';

const WORK_MS = 3_000;
const RESULT_BYTES = 512 * 1024;
/** A timer may ring this much early. */
const EARLY_MS = 50;

/** What a segment is given. */
export interface SegmentServices {
  journal: Pick<Journal, 'commit' | 'commitEnd' | 'known' | 'openSegment'>;
  blobs: Blobs;
  runner: Pick<StepRunner, 'run'>;
  log: LogBuffer;
  progress?: StepProgress;
  artifacts?: RunArtifacts;
  permissions: readonly string[] | null;
  declared: Plan['inputs'];
  /** The engine's id of the run: a workflow may have several. */
  engineRunId: string;
  /** The engine cancels the segment, or the worker stops. */
  signal: AbortSignal;
  /** The run's cancellation was asked for. */
  cancelled: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
}

type OfSegment = Omit<Effects, keyof typeof notInSegment>;

/** The interpreter's effects inside a segment: direct calls, each result journaled before the next step with an effect. */
export class SegmentEffects extends StoredValues<ValueSource> implements OfSegment {
  private readonly startedMs: number;
  private readonly abort = new AbortController();
  private readonly buffer = new JournalBuffer((rows) => this.commit(rows));
  private bytes = 0;
  /** A step has ended: however slow the rest, the segment has come further. */
  private worked = false;
  private cancelled = false;

  constructor(
    private readonly services: SegmentServices,
    private readonly input: SegmentInput,
    private readonly key: string,
    private readonly fence: number,
    /** How often the run was paused or resumed; odd = nothing begins any more. */
    public pauses: number,
    private readonly known: ReadonlyMap<string, KnownStep>,
  ) {
    super({ run: input.run, inputs: input.inputs, blobs: services.blobs }, input.inline_bytes);
    this.startedMs = services.now();
    services.signal.addEventListener('abort', () => this.abort.abort());
    services.cancelled.addEventListener('abort', () => this.cancel());
  }

  now = (): number => this.services.now();

  async attempt(step: CallStep, place: StepPlace, block: Block, attempt: number): Promise<Json> {
    const started_ms = this.now();
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
      row.result = await this.call(step, place, row.inputs, attempt);
      const undo = await compensationScope(this, step, block, place);
      if (undo !== undefined) row.undo = undo;
    } catch (thrown) {
      return await this.failed(step, row, unlessPlatformFault(thrown));
    }
    this.write(step, { ...row, status: 'success', completed_ms: this.now() });
    return row.result;
  }

  /**
   * A row answers for its step. What is made of steps walks through their rows; the branch that they lie in
   * was chosen, whatever the clock says now.
   */
  recall(step: PlanStep, place: StepPlace, attempt: number): StepRecord | undefined {
    if (this.known.size === 0) return undefined;
    const row = this.known.get(recordKey(place));
    if (row?.status === 'skipped') return { status: 'done', result: null, skipped: true };
    if (step.kind === 'conditional') return this.branchTaken(step, place);
    // A child is asked for again: it counts, and the same one answers.
    if (!row || isComposite(step) || step.kind === 'directive') return undefined;
    if (row.status === 'success') {
      return { status: step.kind === 'return' ? 'returned' : 'done', result: row.result };
    }
    if (row.status !== 'error' || row.attempt < attempt) return undefined;
    return { status: 'failed', error: row.error as StepError, attempt: row.attempt };
  }

  /** Its rows tell; and after the last turn, the row of the loop. */
  recallTurn(loop: StepPlace, index: number): boolean | undefined {
    if (this.known.size === 0) return undefined;
    const { iteration } = iterationPlace(loop, index);
    const inside = [...this.known.keys()].filter((key) => key.startsWith(`${loop.path}/`));
    if (inside.some((key) => isWithin(iterationOf(key), iteration))) return true;
    return this.known.get(recordKey(loop))?.status === 'success' ? false : undefined;
  }

  async checkpoint(): Promise<void> {
    await this.buffer.settle();
    if (this.abort.signal.aborted) throw new StopSignal(this.cancelled ? 'cancelled' : 'budget');
    if (this.pauses % 2 === 1) throw new StopSignal('paused');
    if (this.now() >= this.input.deadline_ms) throw new StopSignal('step');
    const spent = this.now() - this.startedMs > WORK_MS || this.bytes > RESULT_BYTES;
    if (spent && this.worked) throw new StopSignal('budget');
  }

  note(note: StepNote, fused = true): void {
    this.worked ||= fused;
    this.buffer.add({ ...note, fused });
  }

  override async keep(value: Json): Promise<Json> {
    const kept = await super.keep(value);
    this.bytes += JSON.stringify(kept).length;
    return kept;
  }

  /** Commits what is left. */
  flush(): Promise<void> {
    return this.buffer.flush();
  }

  /** Commits what is left and, with it, the end of a run that has succeeded. False = the end is still to be written. */
  async end(result: Json, spent: Spent): Promise<boolean> {
    const { journal, engineRunId } = this.services;
    const rows = this.buffer.take();
    await this.buffer.written();
    return journal.commitEnd(this.held, rows, {
      result,
      spent,
      engineRunId,
    });
  }

  /** Learns whether the run is to be cancelled. */
  private get held(): HeldSegment {
    return { runId: this.input.run.id, segment: this.key, fence: this.fence };
  }

  private async commit(rows: JournalRow[]): Promise<void> {
    const flags = await this.services.journal.commit(this.held, rows);
    if (this.input.ending) return;
    if (flags.cancelRequested) this.cancel();
    this.pauses = flags.pauses;
  }

  /** Nothing begins any more, and what is under way is cut off. */
  cancel(): void {
    this.cancelled = true;
    this.abort.abort();
  }

  private branchTaken(
    { path, test }: PlanStep & { kind: 'conditional' },
    place: StepPlace,
  ): StepRecord | undefined {
    if (!readsClock(test)) return undefined;
    const keys = [...this.known.keys()].filter((key) => key.endsWith(`#${place.iteration}`));
    const taken = (['then', 'else'] as const).find((branch) =>
      keys.some((key) => key.startsWith(`${path}/${branch}/`)),
    );
    return taken && { status: 'branch', taken };
  }

  private async call(
    step: CallStep,
    place: StepPlace,
    inputs: Json,
    attempt: number,
  ): Promise<Json> {
    const { runner, log, progress, artifacts, permissions, declared, blobs } = this.services;
    const result = await runner.run({
      step,
      ...place,
      run: this.input.run,
      inputs: (await blobs.resolve(inputs)) as JsonObject,
      attempt,
      permissions,
      declared,
      deadlineMs: this.input.deadline_ms,
      signal: this.abort.signal,
      log,
      progress,
      artifacts,
    });
    return this.keep(result);
  }

  /** A step cut off, by cancellation, by the end of its worker or of the run's time, has not failed. */
  private async failed(
    step: CallStep,
    row: Omit<JournalRow, 'status'>,
    thrown: unknown,
  ): Promise<never> {
    if (this.cancelled) throw new StopSignal('cancelled');
    if (this.abort.signal.aborted) throw new PlatformFault('cut off', { cause: thrown });
    if (!(thrown instanceof MissionError)) throw thrown;
    if (this.outOfTime(thrown)) throw new StopSignal('step');
    const error = await failureOf(this.services.blobs, step.name, thrown);
    this.write(step, { ...row, status: 'error', error, completed_ms: this.now() });
    throw new MissionError(error.code, error.message, error.data, error);
  }

  private outOfTime({ code }: MissionError): boolean {
    return code === 'timeout' && this.now() + EARLY_MS >= this.input.deadline_ms;
  }

  private write(step: PlanStep, row: JournalRow): void {
    this.worked = true;
    this.buffer.add(row, step.effect);
  }
}
