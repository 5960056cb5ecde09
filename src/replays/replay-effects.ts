import { setImmediate as turn } from 'node:timers/promises';
import { MissionError } from '../contracts/errors.js';
import type { PlanStep } from '../contracts/plan.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { StepRecord } from '../contracts/run/records.js';
import type { DurableEffects } from '../language/run/state/durable-effects.js';
import type { Effects } from '../language/run/state/effects.js';
import type { Branch } from '../language/run/state/step-effects.js';
import { isWithin } from '../language/plan/steps/keys-inside.js';
import { iterationPlace, recordKey } from '../language/plan/steps/record-key.js';
import { goesInside, isFleeting } from '../language/plan/change/reusable.js';
import { isComposite } from '../language/plan/kinds.js';
import { StopSignal } from '../language/run/state/signals.js';
import type { Recording } from './recording.js';
import { StoredValues, type ValueSource } from './stored-values.js';

/** The input of a replay. */
export interface ReplaySource extends ValueSource {
  recording: Recording;
  /** The place at which the replay ends. */
  point: StepPlace;
  /** Paths of the steps around the point. */
  around: ReadonlySet<string>;
  reads(name: string): boolean;
}

/** Stops the replay: the recording does not have what follows. */
export const stop = (): never => {
  throw new StopSignal('step');
};

type OfReplay = Omit<Effects, keyof DurableEffects>;

/**
 * The interpreter's effects in a replay, which calls nothing. Each step before the point is answered by its recorded row,
 * so that the interpreter reaches the state of a run that has come to the point.
 */
export class ReplayEffects extends StoredValues<ReplaySource> implements OfReplay {
  /** True when the replay has reached the point. */
  reached = false;
  /** A specific reason for which the replay cannot reach the point; undefined when only an unfinished step stopped it. */
  refusal: MissionError | undefined;
  /** The other places at which the replay had to stop. */
  readonly stopped: StepPlace[] = [];

  recall(step: PlanStep, place: StepPlace): StepRecord | undefined {
    const { recording, reads, point } = this.source;
    if (recordKey(place) === recordKey(point)) {
      this.reached = true;
      stop();
    }
    if (this.isAround(step, place)) return this.enter(step);
    const row = recording.at(place);
    if (row?.status === 'success' && isComposite(step) && goesInside(step, reads)) {
      return this.walk(step, place);
    }
    if (row) return recording.recordOf(row, step);
    this.stopped.push(place);
    return stop();
  }

  /** True when rows show that the turn of a loop began; the condition is not evaluated, because it may read the clock. */
  recallTurn(loop: StepPlace, index: number): boolean {
    const { recording, point } = this.source;
    const turn = iterationPlace(loop, index);
    return isWithin(point.iteration, turn.iteration) || recording.hasWithin(loop.path, turn);
  }

  /** Number of iterations to walk: those up to the point's own in a loop around the point; undefined = all. */
  looksAt({ path, iteration }: StepPlace): number | undefined {
    const { around, point } = this.source;
    if (!around.has(path) || !isWithin(point.iteration, iteration)) return undefined;
    const depth = iteration === '' ? 0 : iteration.split('.').length;
    return Number(point.iteration.split('.')[depth]) + 1;
  }

  branch(work: () => Promise<void>): Branch {
    return { ended: work().then(() => true), cancel: () => {} };
  }

  async checkpoint(): Promise<void> {
    await turn();
  }

  now = (): number => Date.now();
  handOver(): void {}
  note(): void {}
  async drop(): Promise<void> {}

  readonly attempt = stop;
  readonly backoff = stop;
  readonly exceeded = stop;

  private isAround(step: PlanStep, place: StepPlace): boolean {
    const { around, point } = this.source;
    return around.has(step.path) && isWithin(point.iteration, place.iteration);
  }

  /** Enters a finished step whose inner names are read: its steps are walked again. */
  private walk(step: PlanStep, { iteration }: StepPlace): StepRecord | undefined {
    this.stopAtFleeting(step);
    if (step.kind !== 'conditional') return undefined;
    const ran = (branch: readonly PlanStep[]) =>
      branch.some(({ path }) => this.source.recording.at({ path, iteration }));
    const taken = ran(step.then) || (step.else.length > 0 && !ran(step.else)) ? 'then' : 'else';
    return { status: 'branch', taken, started_ms: this.now() };
  }

  private stopAtFleeting(step: PlanStep): void {
    if (step.kind !== 'foreach' || !isFleeting(step.items)) return;
    const text = `The list of ${step.name} depends on the current time, so its iterations would differ from those of the original run. Re-run from ${step.name}, or from an earlier step.`;
    this.refusal ??= new MissionError('conflict', text);
    stop();
  }

  /** Enters a step around the point: its steps are walked again. */
  private enter(step: PlanStep): StepRecord | undefined {
    this.stopAtFleeting(step);
    if (step.kind !== 'conditional') return undefined;
    const { point } = this.source;
    const taken = point.path.startsWith(`${step.path}/then/`) ? 'then' : 'else';
    return { status: 'branch', taken, started_ms: this.now() };
  }
}
