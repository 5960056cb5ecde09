/** One execution of a step: its path in the Plan and its loop iteration. */
export interface StepPlace {
  path: string;
  /** Iteration indices of the loops around the step, outermost first, joined by `.`; empty outside loops. */
  iteration: string;
}

/** Progress that a running step reports. */
export interface ShownProgress {
  done: number;
  total: number | null;
  message: string | null;
  /** Time of the last report or heartbeat, ISO-8601. */
  at: string;
}
