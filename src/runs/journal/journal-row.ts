import type { StepError } from '../../contracts/errors.js';
import type { StepStatus } from '../../contracts/execution.js';
import type { Json } from '../../contracts/json/json.js';
import type { StepNote } from '../../contracts/run/segment.js';
import type { StepPlace } from '../../contracts/run/place.js';

/** One row of the journal as it is written. */
export interface JournalRow extends StepNote {
  fused: boolean;
  /** The step's own work: losing its row to another writer means that this writer is stale. */
  vital?: boolean;
}

/** What the journal knew of a step before. */
export interface KnownStep {
  kind: string;
  status: StepStatus;
  attempt: number;
  result: Json;
  error: StepError | null;
}

/** What a commit answers. */
export interface Flags {
  cancelRequested: boolean;
  /** Odd = the run is paused. */
  pauses: number;
}

/** What the start of a segment answers. */
export interface OpenedSegment {
  fence: number;
  /** It was begun before: the journal knows more than the engine. */
  again: boolean;
  /** The run is to be cancelled: nothing may begin any more. */
  cancelRequested: boolean;
  /** Odd = the run is paused. */
  pauses: number;
  /** The run has files. */
  artifacts: boolean;
}

/** An attempt of an own step, for its row. */
export interface OwnStepRow extends StepPlace {
  name: string;
  kind: string;
  attempt: number;
  inputs: Json;
  /** Epoch milliseconds. */
  started_ms: number;
}

/** An own step at its end. */
export interface EndedStep extends OwnStepRow {
  fence: number;
  /** Epoch milliseconds. */
  completed_ms: number;
  /** What its compensation would read. */
  undo?: Json;
}

/** What the start of an own step answers. */
export interface OpenedStep extends KnownStep {
  fence: number;
  cancelRequested: boolean;
}

/** This writer was overtaken: another start of the same work holds the fence now. */
export class StaleFence extends Error {
  override readonly name = 'StaleFence';
}
