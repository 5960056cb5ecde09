import type { Limits } from '../contracts/plan.js';
import type { Ending, RunInput } from '../contracts/run/run-input.js';
import type { Spent } from '../contracts/run/spent.js';
import type { StepRecord } from '../contracts/run/records.js';
import type { LimitShares } from './limit-shares.js';

/** Mutable state of a run within one history. */
export interface RunState {
  readonly input: RunInput;
  readonly limits: Limits;
  readonly records: Map<string, StepRecord>;
  readonly spent: Spent;
  shares: LimitShares;
  /** Set once the run's steps are over and only the ending phase (compensation, `always`) remains. */
  ending?: Ending;
  /** True = the run is cancelled. The journal may report this before Temporal does. */
  cancelled: boolean;
  /** True = the last step or segment has already written the end of the run. */
  ended: boolean;
  /** True = the journal may hold rows that the workflow does not know; activities check it before they act. */
  recovered: boolean;
  /** False = the run certainly has no files. */
  artifacts: boolean;
}
