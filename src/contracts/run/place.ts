/** Where a step stands in the run. */
export interface StepPlace {
  path: string;
  /** Indices of the loops around it, outermost first, joined by `.`. */
  iteration: string;
}

/** How far a step at work says that it is. */
export interface ShownProgress {
  done: number;
  total: number | null;
  message: string | null;
  /** When it said so, or gave another sign of life; ISO-8601. */
  at: string;
}
