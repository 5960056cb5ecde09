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

/** Calls activities: repeats them on faults of the platform, counts them, and keeps their order the same on replay. */
export class ActivityCalls {
  /** True = several branches may run concurrently. */
  concurrent = false;
  /** Number of activities in progress, without local ones. */
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

  /**
   * Runs a segment. In a concurrent block it is a regular activity, because a local activity would delay the other
   * branches.
   */
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

  /**
   * Repeats a call on faults of the platform, at most 30 s apart, until `untilMs`. The step's attempts are not used up.
   */
  async retryPlatformFaults<T>(call: () => Promise<T>, untilMs: number): Promise<T> {
    for (let pause = FAULT_SECONDS.first; ; pause = Math.min(pause * 2, FAULT_SECONDS.longest)) {
      try {
        return await call();
      } catch (thrown) {
        if (!(thrown instanceof TemporalFailure) || isCancellation(thrown)) throw thrown;
        // The failure of a local activity is not wrapped in an ActivityFailure.
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
   * Runs the continuation of one local activity to its end before that of the next. Temporal delivers several completions
   * at once on replay that came one after another before; interleaved continuations would produce different commands.
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
