import type { StepError } from '../errors.js';
import type { Json } from '../json/json.js';
import type { StepPlace } from './place.js';
import type { Records } from './records.js';
import type { RunScope, ScopeSnapshot } from './scope.js';
import type { Spent } from './spent.js';

/** Input of a segment: one local activity that runs fused steps from `start` to the end of their block. */
export interface SegmentInput {
  run: RunScope;
  plan_hash: string;
  inputs: Json;
  start: StepPlace;
  scope: ScopeSnapshot;
  records: Records;
  remaining: Spent;
  /** Usage of the run before this segment. */
  spent: Spent;
  /** Permissions of a child run, see {@link RunBounds}; absent in other runs. */
  permissions?: string[] | null;
  deadline_ms: number;
  recovered: boolean;
  /** Results of more bytes are returned by reference. */
  inline_bytes: number;
  /** Upper bound on the returned records, in bytes of JSON. */
  room_bytes: number;
  /** True = the run is in its ending phase, which neither cancellation nor a pause stops. */
  ending: boolean;
  /** Journal rows of steps that the workflow finished itself since the last call. */
  notes: StepNote[];
}

/**
 * Why a segment stopped. `end`: its block is finished. `step`: only the workflow can run the next step. `budget`: the
 * segment's own bounds are used up. `cancelled`, `paused`: on request.
 */
export type SegmentStop = 'end' | 'step' | 'budget' | 'cancelled' | 'paused';

export interface SegmentOutput {
  stop: SegmentStop;
  records: Records;
  spent: Spent;
  /** Length of the records as JSON, by which the history grows. */
  bytes: number;
  /** Time at which the segment ended, in epoch milliseconds; the run's clock advances to it. */
  now_ms: number;
  /** True = an earlier start of the segment may have come further; later steps check the journal as well. */
  again: boolean;
  /** Set when the segment stopped for a pause: how often the run was paused or resumed so far. */
  pauses?: number;
  /** True = the run may now have files; absent = not checked. */
  artifacts?: boolean;
  /** Set when the run succeeded inside the segment, which has then written the run's end. */
  ended?: { result: Json };
}

/** A journal row of a step without its own activity. Times are epoch milliseconds. */
export interface StepNote extends StepPlace {
  name: string;
  kind: string;
  status: 'success' | 'error' | 'skipped' | 'waiting';
  attempt: number;
  inputs?: Json;
  result?: Json;
  error?: StepError;
  /** Values that the step's compensation reads from its scope. */
  undo?: Json;
  started_ms: number;
  /** Absent while the step waits. */
  completed_ms?: number;
}

/**
 * A part of a list that may be too long to transfer whole. `items` begin at index `from`; `count`: length of the list.
 */
export interface ListPart {
  count: number;
  from: number;
  items: Json[];
}
