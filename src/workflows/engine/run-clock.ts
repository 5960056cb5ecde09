import type { Limits } from '../../contracts/plan.js';
import { limitExceeded } from '../../language/run/state/limit-exceeded.js';
import type { Engine } from './engine.js';

/** The run's clock and the deadline of the run, or of its ending phase. */
export class RunClock {
  private latestMs = 0;

  /** @param deadlineMs epoch milliseconds */
  constructor(
    private readonly engine: Engine,
    private readonly limits: Limits,
    public deadlineMs: number,
  ) {}

  /** Current time in epoch milliseconds, never before the latest time that a segment reported. */
  now(): number {
    return Math.max(this.engine.now(), this.latestMs);
  }

  /** Advances the clock to the time at which a segment ended. */
  advanceTo(ms: number): void {
    this.latestMs = Math.max(this.latestMs, ms);
  }

  remainingMs(): number {
    return this.deadlineMs - this.now();
  }

  /** Fails the run when its deadline has passed. */
  check(): void {
    if (this.now() >= this.deadlineMs) this.fail();
  }

  /** Fails the run with `duration_seconds_exceeded`. */
  fail(): never {
    throw limitExceeded(this.limits, 'duration_seconds');
  }
}
