import type { StepError } from '../errors.js';
import type { Json } from '../json/json.js';
import type { Budget } from '../model-turn.js';
import type { StepPlace } from './place.js';
import type { RunScope } from './scope.js';
import type { StepNote } from './segment.js';
import type { Spent } from './spent.js';

/** Input of a step that is an activity of its own. Temporal Web UI shows it. */
export interface OwnStepInput extends StepPlace {
  run: RunScope;
  plan_hash: string;
  inputs: Json;
  attempt: number;
  /** Permissions of a child run, see {@link RunBounds}; absent in other runs. */
  permissions?: string[] | null;
  deadline_ms: number;
  /** True = an earlier run of the workflow may have executed this step; the activity checks the journal first. */
  recovered: boolean;
  /** A result of more bytes is returned by reference. */
  inline_bytes: number;
  /** True = the run is in its ending phase (compensation, `always`), which its cancellation does not stop. */
  ending: boolean;
  /** Remainder of the run's limits for a model turn. */
  budget?: Budget;
  /** False = the run had no files when the step was scheduled, so the database need not be queried. */
  artifacts?: boolean;
  /** Values that the step's compensation reads from its scope. */
  undo?: Json;
  /** Present on the last step of a run: usage of the run so far. The step's success then ends the run. */
  last?: Spent;
  notes: StepNote[];
}

/**
 * Output of a step that is an activity of its own. Failures of the step are data, so that Temporal retries only faults of
 * the platform. `stop`: the run's cancellation or deadline interrupted the step. `artifacts`: the run may now have files;
 * absent = not checked. `ended`: the end of the run is written as well.
 */
export type OwnStepOutput = OwnStepEnd & { artifacts?: boolean };

export type OwnStepEnd =
  { result: Json; ended?: true } | { error: StepError } | { stop: 'cancelled' | 'deadline' };
