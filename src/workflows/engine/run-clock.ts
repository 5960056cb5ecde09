import type { Limits } from '../../contracts/plan.js';
import { limitExceeded } from '../../language/run/state/limit-exceeded.js';
import type { Engine } from './engine.js';

/** The run's own clock, and the time at which the run, or its ending, has to be over. */
export class RunClock {
  private latestMs = 0;

  /** @param deadlineMs epoch milliseconds */
  constructor(
    private readonly engine: Engine,
    private readonly limits: Limits,
    public deadlineMs: number,
  ) {}

  /** Epoch milliseconds; never earlier than what a segment has reported. */
  now(): number {
    return Math.max(this.engine.now(), this.latestMs);
  }

  /** A segment reports the time at which it ended. */
  advanceTo(ms: number): void {
    this.latestMs = Math.max(this.latestMs, ms);
  }

  remainingMs(): number {
    return this.deadlineMs - this.now();
  }

  /** Throws when the deadline has passed. */
  check(): void {
    if (this.now() >= this.deadlineMs) this.fail();
  }

  /** Fails the run with `duration_seconds_exceeded`. */
  fail(): never {
    throw limitExceeded(this.limits, 'duration_seconds');
  }
}
