/** Bounds of the processes that one worker keeps for scripts. */
export interface RunnerLimits {
  /** Warm runners of one script. */
  perScript: number;
  /** Warm runners of all scripts together. */
  total: number;
  /** Shell processes of all scripts together. */
  shells: number;
  /** Calls after which a runner is replaced. */
  calls: number;
  /** Age after which a runner is replaced. */
  ageMs: number;
  /** An unused runner is stopped after this long. */
  idleMs: number;
  /** A call that has waited this long makes the pool grow: short calls share few runners. */
  growAfterMs: number;
  /** A call waits this long for a process, or as long as it may run if that is longer. */
  waitMs: number;
  /** Loading a script (its imports, its top level) may take this long. */
  loadMs: number;
  /** Memory that a runner may gain over what it had when it was loaded. */
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
