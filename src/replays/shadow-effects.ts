import { setImmediate as turn } from 'node:timers/promises';
import { MissionError } from '../contracts/errors.js';
import type { Json } from '../contracts/json/json.js';
import type { AwaitedStep, CallStep, Limits, PlanStep } from '../contracts/plan.js';
import type { RunScope } from '../contracts/run/scope.js';
import type { Spent } from '../contracts/run/spent.js';
import type { StepNote } from '../contracts/run/segment.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { Compensation } from '../contracts/run/run-input.js';
import type { RecordedStep, Recording } from './recording.js';
import { StoredValues, type ValueSource } from './stored-values.js';
import type { Block } from '../language/run/state/block.js';
import type { DurableEffects } from '../language/run/state/durable-effects.js';
import type { StepAttempt } from '../language/run/state/step-attempt.js';
import type { Branch } from '../language/run/state/step-effects.js';
import type { EndingEffects } from '../language/run/endings.js';
import { limitExceeded } from '../language/run/state/limit-exceeded.js';
import { StepFailure, StopSignal } from '../language/run/state/signals.js';
import { stepTemplate } from '../language/plan/steps/step-template.js';
import { compensationScope } from '../language/run/compensation.js';
import { PlatformFault } from '../contracts/platform-fault.js';
import type { Comparison } from './shadow-comparison.js';

/** The input of a shadow run. */
export interface ShadowSource extends ValueSource {
  /** The value of `run` in expressions: that of the recorded run, so that it makes no difference. */
  run: RunScope;
  recording: Recording;
  comparison: Comparison;
  limits: Limits;
  /** True = a call without a recorded answer returns null; false = the shadow run ends there. */
  goOn: boolean;
  /** Paths inside `parallel` steps that do not wait for all their branches. */
  mayBeCut: ReadonlySet<string>;
  signal: AbortSignal;
  cancelled: AbortSignal;
}

/** Thrown where the recorded run had cancelled this branch. */
class CutOff extends Error {}

const YIELD_EVERY = 50;

/** Waits, approvals and child runs are answered from the recording, so their effects are never used. */
type OfShadow = Omit<EndingEffects, keyof DurableEffects>;

/**
 * The interpreter's effects in a shadow run, which calls nothing. Calls, waits, approvals and child runs are answered as in
 * the recorded run. All other steps are evaluated anew and compared.
 */
export class ShadowEffects extends StoredValues<ShadowSource> implements OfShadow {
  private clockMs: number;
  private checks = 0;
  private readonly done: Compensation[] = [];

  constructor(source: ShadowSource) {
    super(source);
    this.clockMs = Date.parse(source.run.started_at);
  }

  async attempt(step: CallStep, place: StepPlace, block: Block, attempt: number): Promise<Json> {
    const row = this.match(step, place);
    const inputs = await this.render(stepTemplate(step), block, place);
    const result = await this.answered({ step, place, attempt }, row, inputs);
    await this.remember(step, place, block, result);
    return result;
  }

  async answer(step: AwaitedStep, place: StepPlace, block: Block, attempt: number): Promise<Json> {
    const row = this.match(step, place);
    const inputs =
      step.kind === 'directive' ? await this.render(step.inputs, block, place) : undefined;
    return this.answered({ step, place, attempt }, row, inputs);
  }

  /** The recorded attempt of a step: the journal holds only the last one, so the shadow run begins with it. */
  attemptOf({ name, kind }: PlanStep, place: StepPlace): number | undefined {
    const row = this.source.comparison.rowOf({ ...place, name });
    return row?.kind === kind && row.attempt > 0 ? row.attempt : undefined;
  }

  note(note: StepNote): void {
    const { comparison } = this.source;
    // This step was reported already, as a call without an answer.
    if (note.error?.code === 'not_recorded') return;
    comparison.ended(note, this.match(note, note));
    if (note.status !== 'success' || note.undo === undefined) return;
    const { path, iteration, result, undo } = note;
    this.toBeUndone({ path, iteration }, result ?? null, undo);
  }

  async pendingCompensations(after: string | null): Promise<Compensation[]> {
    const due = this.done.filter(({ cursor }) => after === null || cursor < after);
    return due.reverse();
  }

  /** Does nothing: a failed compensation is compared like any failure, and raises no alert. */
  async reportFailedCompensation(): Promise<void> {}

  recall(): undefined {
    return undefined;
  }

  recallTurn(): undefined {
    return undefined;
  }

  /** Runs a branch. A branch that the recorded run cancelled ends at the same place. */
  branch(work: () => Promise<void>): Branch {
    let cancel = () => {};
    const cancelled = new Promise<boolean>((resolve) => (cancel = () => resolve(false)));
    const finished = work().then(
      () => true,
      (thrown: unknown) => (thrown instanceof CutOff ? false : Promise.reject(thrown)),
    );
    return { ended: Promise.race([finished, cancelled]), cancel };
  }

  async checkpoint(): Promise<void> {
    if (this.source.cancelled.aborted) throw new StopSignal('cancelled');
    if (this.source.signal.aborted) throw new PlatformFault('cut off');
    if (++this.checks % YIELD_EVERY > 0) return;
    await turn();
    await this.source.comparison.flush();
  }

  async exceeded(limit: keyof Spent | 'depth'): Promise<void> {
    throw limitExceeded(this.source.limits, limit);
  }

  now = (): number => this.clockMs;
  handOver(): void {}
  async backoff(): Promise<void> {}
  async drop(): Promise<void> {}

  /** The recorded row of a step. Moves the clock of the shadow run to the time of the row. */
  private match({ name, kind }: Pick<PlanStep, 'name' | 'kind'> | StepNote, place: StepPlace) {
    const row = this.source.comparison.rowOf({ ...place, name });
    if (row?.completed_ms) this.clockMs = Math.max(this.clockMs, row.completed_ms);
    return row?.kind === kind ? row : undefined;
  }

  private async answered(
    { step, place, attempt }: Omit<StepAttempt<CallStep | AwaitedStep>, 'block'>,
    row: RecordedStep | undefined,
    inputs: Json | undefined,
  ): Promise<Json> {
    const { comparison, mayBeCut } = this.source;
    const known = row?.status === 'success' || row?.status === 'error' ? row : undefined;
    const again = row?.status === 'error' && attempt > row.attempt;
    if ((!row || row.status === 'cancelled') && mayBeCut.has(step.path)) throw new CutOff();
    if (!known || again) return this.unrecorded(step, place, row, inputs);
    await comparison.called(step, place, known, inputs);
    if (known.status === 'success') return known.result;
    const { code, message, data } = known.error!;
    throw new MissionError(code, message, data, { retryable: false });
  }

  private async unrecorded(
    step: PlanStep,
    place: StepPlace,
    row: RecordedStep | undefined,
    inputs: Json | undefined,
  ): Promise<Json> {
    const { comparison, goOn } = this.source;
    await comparison.unanswered(step, place, row, inputs);
    if (goOn) return null;
    const message = `the recorded run has no result of ${step.name} at this point: the shadow run ends here`;
    throw new StepFailure({ code: 'not_recorded', message, step: step.name }, true);
  }

  private async remember(step: PlanStep, place: StepPlace, block: Block, result: Json) {
    const undo = await compensationScope(this, { step, place, block });
    if (undo !== undefined) this.toBeUndone(place, result, undo);
  }

  private toBeUndone({ path, iteration }: StepPlace, result: Json, scope: Json): void {
    const cursor = String(this.done.length).padStart(9, '0');
    this.done.push({ path, iteration, result, scope, cursor });
  }
}
