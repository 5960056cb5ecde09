import type { Outcome } from '../execution.js';
import type { Json } from '../json/json.js';
import type { Mail } from '../message.js';
import type { Limits, Plan } from '../plan.js';
import type { ShadowOrder } from './shadow.js';
import type { StepPlace } from './place.js';
import type { BlockState, Records } from './records.js';
import type { RunScope } from './scope.js';
import type { StepNote } from './segment.js';
import type { RunBounds, Spent } from './spent.js';

/** Input of the workflow: one run with its pinned Plan. */
export interface RunInput {
  run: RunScope;
  plan: Plan;
  plan_hash: string;
  /** Inputs of the run; by reference when they are large. */
  inputs: Json;
  /** Bounds that the parent sets for a child run; absent = the bounds of the Plan. */
  bounds?: RunBounds;
  /** Time at which `limits.duration_seconds` is used up, in epoch milliseconds. */
  deadline_ms: number;
  /** True = Temporal lost the workflow and it was started again; every step checks the journal first. */
  recovered: boolean;
  /** True = the run was cancelled before its workflow started. */
  cancelled: boolean;
  /** How often the run was paused or resumed before its start; an odd count means paused. */
  pauses: number;
  /** True = the cluster has the search attributes; otherwise the memo carries the same data. */
  searchable: boolean;
  /** Records of the steps before the point where a re-run begins. */
  seed?: Records;
  /** Present in a shadow run: steps have no effects, results come from a recorded run. */
  shadow?: ShadowOrder;
  /** True = an earlier history of this run may have left files. */
  artifacts?: true;
  /** State of the earlier history, after continue-as-new. */
  carried?: { records: Records; spent: Spent; mail?: Mail; ending?: Ending };
}

/** The ending phase of a run: its steps are over; hooks on limits, compensation and `always` follow. */
export interface Ending {
  outcome: Outcome;
  /** State of the root block when the steps ended. */
  scope: BlockState;
  /** True = the run exceeded a limit and its `on_limit` hooks are still to run. */
  limit?: true;
  /** Compensation is in progress. `after`: cursor of the step undone last; the next one completed before it. */
  undo?: { after: string | null };
  /** Limits of the ending phase itself; `deadline_ms` in epoch milliseconds. */
  bounds?: Pick<Limits, 'steps' | 'iterations' | 'tokens' | 'cost_usd'> & {
    spawns?: number;
    deadline_ms: number;
  };
}

/** A finished step whose compensation is still to run. */
export interface Compensation extends StepPlace {
  result: Json;
  /** Values that the compensation reads from the step's scope. */
  scope: Json;
  /** Position of the step in the order of completion. */
  cursor: string;
}

export interface FinishInput {
  run: RunScope;
  outcome: Outcome;
  spent: Spent;
  notes: StepNote[];
}
