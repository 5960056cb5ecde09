import type { Records } from './records.js';
import type { StepPlace } from './place.js';

/** The journal rows of one step that a re-run takes over from the original run. */
export interface ReusableSteps {
  path: string;
  /** Number of loops that contain both the step and the point where the re-run begins. */
  depth: number;
  /** True = rows of the point's own iteration are taken over as well; false = only rows of earlier iterations. */
  inclusive: boolean;
  /** True = failed rows are taken over as well, because something handles the failure. */
  failures: boolean;
}

/** Initial state of a re-run that begins in the middle of a Plan. */
export interface Seed {
  point: StepPlace;
  reuse: ReusableSteps[];
  /** The interpreter's records at that point. */
  records: Records;
}
