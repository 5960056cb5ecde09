import { ActivityFailure, isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { Activities } from '../../activities/create-activities.js';
import type { CallStep } from '../../contracts/plan.js';
import type { OwnStepInput, OwnStepOutput } from '../../contracts/run/own-step.js';
import type { SegmentInput, SegmentOutput } from '../../contracts/run/segment.js';
import type { ActivityName, Engine, Mutex } from './engine.js';
import { lastingFailure } from './lasting-failure.js';
import { type PayloadBudget, sizeOf } from './payload-budget.js';
import type { RunClock } from './run-clock.js';
import type { Timers } from './timers.js';

const FAULT_SECONDS = { first: 0.5, longest: 30 };

/** Calls of activities: repeated while the platform is at fault, counted, and in an order that replays alike. */
export class ActivityCalls {
  /** Several branches may be under way at once. */
  concurrent = false;
  /** Activities, other than local ones, that are under way. */
  pending = 0;
  private readonly mutex: Mutex = { taken: false };

  constructor(
    private readonly engine: Engine,
    private readonly clock: RunClock,
    private readonly timers: Timers,
    private readonly budget: PayloadBudget,
  ) {}

  /** Calls a local activity. */
  local<K extends ActivityName>(
    name: K,
    ...args: Parameters<Activities[K]>
  ): ReturnType<Activities[K]> {
    const call = () => this.serialise(this.engine.local(name, ...args) as Promise<unknown>);
    return this.withPayloadBudget(call) as ReturnType<Activities[K]>;
  }

  /** Runs a segment. One that has others beside it is an activity: a local one would delay them. */
  segment(name: string, input: SegmentInput, beside: boolean): Promise<SegmentOutput> {
    const remote = beside && this.engine.has('remote-segments');
    return this.withPayloadBudget(() =>
      remote
        ? this.trackPending(this.engine.remoteSegment(name, input))
        : this.serialise(this.engine.segment(name, input)),
    );
  }

  /** Runs one attempt of a step as an activity of its own. */
  async own(step: CallStep, input: OwnStepInput): Promise<OwnStepOutput> {
    const remaining = Math.max(1, this.clock.remainingMs());
    try {
      return await this.trackPending(this.engine.own(step, input, remaining));
    } catch (thrown) {
      if (!(thrown instanceof ActivityFailure) || isCancellation(thrown)) throw thrown;
      throw lastingFailure(thrown.cause) ?? this.clock.fail();
    }
  }

  /** Faults of the platform use up no attempts: the call is repeated, at most 30 s apart, until a time. */
  async retryPlatformFaults<T>(call: () => Promise<T>, untilMs: number): Promise<T> {
    for (let pause = FAULT_SECONDS.first; ; pause = Math.min(pause * 2, FAULT_SECONDS.longest)) {
      try {
        return await call();
      } catch (thrown) {
        if (!(thrown instanceof TemporalFailure) || isCancellation(thrown)) throw thrown;
        // A local activity's failure comes as it was thrown, without an ActivityFailure around it.
        const lasting = lastingFailure(thrown instanceof ActivityFailure ? thrown.cause : thrown);
        if (lasting) throw lasting;
        if (this.clock.now() >= untilMs) this.clock.fail();
        await this.timers.wait(pause * 1000);
      }
    }
  }

  private async withPayloadBudget<T>(call: () => Promise<T>): Promise<T> {
    const result = await this.retryPlatformFaults(call, this.clock.deadlineMs);
    this.budget.countResult(sizeOf(result));
    return result;
  }

  /**
   * The continuation of one local activity runs before that of the next one. The engine replays the ends of several
   * at once that came one after another; without this their continuations would mix, and make another history.
   */
  private serialise<T>(work: Promise<T>): Promise<T> {
    return this.concurrent ? this.afterOthers(work) : work;
  }

  private async afterOthers<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      await this.engine.alone(this.mutex);
    }
  }

  private trackPending<T>(work: Promise<T>): Promise<T> {
    const ended = () => void this.pending--;
    this.pending++;
    work.then(ended, ended);
    return work;
  }
}
