import type { Records } from './records.js';
import type { StepPlace } from './place.js';

/** Rows of one step that a re-run takes over from the run before. */
export interface ReusableSteps {
  path: string;
  /** How many of the loops around it are also around the point where the re-run begins. */
  depth: number;
  /** Also in the iteration of the point itself; otherwise only in those before it. */
  inclusive: boolean;
  /** A failure counts as finished: something handles it. */
  failures: boolean;
}

/** What a re-run that begins in the middle knows. */
export interface Seed {
  point: StepPlace;
  reuse: ReusableSteps[];
  /** What the interpreter would know, had it come so far. */
  records: Records;
}
