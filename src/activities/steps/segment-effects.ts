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
/** Milliseconds that a timer may fire early. */
const EARLY_MS = 50;

/** The services and signals of a segment. */
export interface SegmentServices {
  journal: Pick<Journal, 'commit' | 'commitEnd' | 'known' | 'openSegment'>;
  blobs: Blobs;
  runner: Pick<StepRunner, 'run'>;
  log: LogBuffer;
  progress?: StepProgress;
  artifacts?: RunArtifacts;
  permissions: readonly string[] | null;
  declared: Plan['inputs'];
  /** The id of the Temporal run; a workflow may have several. */
  engineRunId: string;
  /** Aborts when Temporal cancels the segment, or the worker is stopping. */
  signal: AbortSignal;
  /** Aborts when the run's cancellation is requested. */
  cancelled: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
}

/** How a segment begins: under which key and fence, and what the journal knows of its steps. */
export interface SegmentOpening {
  key: string;
  fence: number;
  pauses: number;
  known: ReadonlyMap<string, KnownStep>;
}

type OfSegment = Omit<Effects, keyof typeof notInSegment>;

/** The interpreter's effects inside a segment. Calls are direct; each result is journaled before the next step with an effect begins. */
export class SegmentEffects extends StoredValues<ValueSource> implements OfSegment {
  /** Number of pauses and resumes of the run; odd = paused, so no step may begin. */
  pauses: number;
  private readonly held: HeldSegment;
  private readonly known: ReadonlyMap<string, KnownStep>;
  private readonly startedMs: number;
  private readonly abort = new AbortController();
  private readonly buffer = new JournalBuffer((rows) => this.commit(rows));
  private bytes = 0;
  /** True once a step has ended. Only then may the segment stop for its budget, so that each start makes progress. */
  private hasProgressed = false;
  private cancelled = false;

  constructor(
    private readonly services: SegmentServices,
    private readonly input: SegmentInput,
    { key, fence, pauses, known }: SegmentOpening,
  ) {
    super({ run: input.run, inputs: input.inputs, blobs: services.blobs }, input.inline_bytes);
    this.held = { runId: input.run.id, segment: key, fence };
    this.pauses = pauses;
    this.known = known;
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
      const undo = await compensationScope(this, { step, place, block });
      if (undo !== undefined) row.undo = undo;
    } catch (thrown) {
      return await this.failed(step, row, unlessPlatformFault(thrown));
    }
    this.write(step, { ...row, status: 'success', completed_ms: this.now() });
    return row.result;
  }

  /**
   * Returns the record of a step that the journal knows from an earlier start. Composite steps are walked again through
   * the rows of their steps; a conditional that reads the clock takes the branch in which rows exist.
   */
  recall(step: PlanStep, place: StepPlace, attempt: number): StepRecord | undefined {
    if (this.known.size === 0) return undefined;
    const row = this.known.get(recordKey(place));
    if (row?.status === 'skipped') return { status: 'done', result: null, skipped: true };
    if (step.kind === 'conditional') return this.branchTaken(step, place);
    // A child run is requested again, so that it is counted; the same child answers.
    if (!row || isComposite(step) || step.kind === 'directive') return undefined;
    if (row.status === 'success') {
      return { status: step.kind === 'return' ? 'returned' : 'done', result: row.result };
    }
    if (row.status !== 'error' || row.attempt < attempt) return undefined;
    return { status: 'failed', error: row.error as StepError, attempt: row.attempt };
  }

  /** True when rows show that the turn began; false when the loop has ended; undefined when the journal does not know. */
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
    if (spent && this.hasProgressed) throw new StopSignal('budget');
  }

  note(note: StepNote, fused = true): void {
    this.hasProgressed ||= fused;
    this.buffer.add({ ...note, fused });
  }

  override async keep(value: Json): Promise<Json> {
    const kept = await super.keep(value);
    this.bytes += JSON.stringify(kept).length;
    return kept;
  }

  /** Commits the remaining rows. */
  flush(): Promise<void> {
    return this.buffer.flush();
  }

  /** Commits the remaining rows together with the end of a run that has succeeded. False = the end is not written. */
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

  /** Commits rows, and reads requests to cancel or pause the run. */
  private async commit(rows: JournalRow[]): Promise<void> {
    const flags = await this.services.journal.commit(this.held, rows);
    if (this.input.ending) return;
    if (flags.cancelRequested) this.cancel();
    this.pauses = flags.pauses;
  }

  /** Stops the segment: no step begins any more, and running calls are aborted. */
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

  /** Converts the error of an attempt. A step that is cut off by cancellation, worker shutdown or the run's deadline has not failed. */
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
    this.hasProgressed = true;
    this.buffer.add(row, step.effect);
  }
}
