import type { Limits } from '../contracts/plan.js';
import type { Ending, RunInput } from '../contracts/run/run-input.js';
import type { Spent } from '../contracts/run/spent.js';
import type { StepRecord } from '../contracts/run/records.js';
import type { LimitShares } from './limit-shares.js';

/** What a run's history knows of the run, and changes as the run goes on. */
export interface RunState {
  readonly input: RunInput;
  readonly limits: Limits;
  readonly records: Map<string, StepRecord>;
  readonly spent: Spent;
  shares: LimitShares;
  /** Set once the run's own steps are over: compensation and `always` remain. */
  ending?: Ending;
  /** The journal may report a cancellation before the engine does. */
  cancelled: boolean;
  /** The run's end has been written, with its last step or segment. */
  ended: boolean;
  /** Rows of this run may exist that the workflow does not know of: activities look before they act. */
  recovered: boolean;
  /** The run may have files. */
  artifacts: boolean;
}
