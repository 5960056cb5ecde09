import type { StepError } from '../../contracts/errors.js';
import type { StepStatus } from '../../contracts/execution.js';
import type { Json } from '../../contracts/json/json.js';
import type { StepNote } from '../../contracts/run/segment.js';
import type { StepPlace } from '../../contracts/run/place.js';

/** One row of the journal as it is written. */
export interface JournalRow extends StepNote {
  fused: boolean;
  /** The row holds the work of this writer: if another writer has written the row, this writer is stale. */
  vital?: boolean;
}

/** The row of a step that the journal holds from before. */
export interface KnownStep {
  kind: string;
  status: StepStatus;
  attempt: number;
  result: Json;
  error: StepError | null;
}

/** The requests to the run that the answer to a commit carries. */
export interface Flags {
  cancelRequested: boolean;
  /** Odd = the run is paused. */
  pauses: number;
}

/** The answer to the start of a segment. */
export interface OpenedSegment {
  fence: number;
  /** The segment was started before: the journal may hold steps that Temporal does not know of. */
  again: boolean;
  /** The run's cancellation was requested: no step may begin any more. */
  cancelRequested: boolean;
  /** Odd = the run is paused. */
  pauses: number;
  /** The run has artifacts. */
  artifacts: boolean;
}

/** One attempt of an own step. */
export interface OwnStepRow extends StepPlace {
  name: string;
  kind: string;
  attempt: number;
  inputs: Json;
  /** Epoch milliseconds. */
  started_ms: number;
}

/** An attempt of an own step that has ended. */
export interface EndedStep extends OwnStepRow {
  fence: number;
  /** Epoch milliseconds. */
  completed_ms: number;
  /** The values that the expressions of the step's compensation read; absent = no compensation. */
  undo?: Json;
}

/** The answer to the start of an own step. */
export interface OpenedStep extends KnownStep {
  fence: number;
  cancelRequested: boolean;
}

/** A newer start of the same segment or step holds the fence now: this writer must stop, and its writes have failed. */
export class StaleFence extends Error {
  override readonly name = 'StaleFence';
}
