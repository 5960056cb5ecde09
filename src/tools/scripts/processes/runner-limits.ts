/** Limits for the processes that one worker runs for scripts. */
export interface RunnerLimits {
  /** Number of warm runners for one script. */
  perScript: number;
  /** Number of warm runners for all scripts together. */
  total: number;
  /** Number of shell processes for all scripts together. */
  shells: number;
  /** A runner is replaced after this many calls. */
  calls: number;
  /** A runner is replaced at this age, in milliseconds. */
  ageMs: number;
  /** An idle runner is stopped after this time, in milliseconds. */
  idleMs: number;
  /**
   * The pool grows when a call has waited for this time: short calls share few
   * runners.
   */
  growAfterMs: number;
  /**
   * A call waits at most this long for a process, or as long as its own timeout
   * if that is longer.
   */
  waitMs: number;
  /** Longest time to load a script, its imports and its top level. */
  loadMs: number;
  /**
   * A runner is replaced when its memory has grown by this much since it was
   * loaded.
   */
  memoryGrowthBytes: number;
}

export const DEFAULT_RUNNER_LIMITS: RunnerLimits = {
  perScript: 8,
  total: 16,
  shells: 16,
  calls: 500,
  ageMs: 10 * 60_000,
  idleMs: 60_000,
  growAfterMs: 25,
  waitMs: 30_000,
  loadMs: 30_000,
  memoryGrowthBytes: 256 * 1024 * 1024,
};
