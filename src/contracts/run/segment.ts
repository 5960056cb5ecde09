import type { StepError } from '../errors.js';
import type { Json } from '../json/json.js';
import type { StepPlace } from './place.js';
import type { Records } from './records.js';
import type { RunScope, ScopeSnapshot } from './scope.js';
import type { Spent } from './spent.js';

/** Light steps to run in one go: from `start` to the end of its block. */
export interface SegmentInput {
  run: RunScope;
  plan_hash: string;
  inputs: Json;
  start: StepPlace;
  scope: ScopeSnapshot;
  records: Records;
  remaining: Spent;
  /** What the run had spent before. */
  spent: Spent;
  /** Of a child run: see {@link RunBounds}. */
  permissions?: string[] | null;
  deadline_ms: number;
  recovered: boolean;
  /** Results of more bytes than that go by reference. */
  inline_bytes: number;
  /** Bytes of JSON that the records which come back may have. */
  room_bytes: number;
  /** The run ends: neither cancellation nor a pause stops what is still to be done. */
  ending: boolean;
  /** Rows of steps that the workflow itself finished since the last segment. */
  notes: StepNote[];
}

/** Why a segment stopped: at its end, at a step that the workflow must decide, for its own bounds, or on request. */
export type SegmentStop = 'end' | 'step' | 'budget' | 'cancelled' | 'paused';

export interface SegmentOutput {
  stop: SegmentStop;
  records: Records;
  spent: Spent;
  /** Length of the records as JSON: what the history grows by. */
  bytes: number;
  /** Epoch milliseconds when it ended: the run's clock moves on with it. */
  now_ms: number;
  /** It had been started before, and may have come further then: what follows asks the journal, too. */
  again: boolean;
  /** It stopped because the run is paused: how often that was paused or resumed. */
  pauses?: number;
  /** The run has files now, perhaps; absent = nobody looked. */
  artifacts?: boolean;
  /** The run has succeeded here, and its end is written. */
  ended?: { result: Json };
}

/** A finished step that has no activity of its own, for the journal. Times in epoch milliseconds. */
export interface StepNote extends StepPlace {
  name: string;
  kind: string;
  status: 'success' | 'error' | 'skipped' | 'waiting';
  attempt: number;
  inputs?: Json;
  result?: Json;
  error?: StepError;
  /** What its compensation would read. */
  undo?: Json;
  started_ms: number;
  /** Absent while it waits. */
  completed_ms?: number;
}

/** A part of a list that may be too long to travel whole: its items from `from` on. */
export interface ListPart {
  count: number;
  from: number;
  items: Json[];
}
