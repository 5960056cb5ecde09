import type { StepError } from '../errors.js';
import type { Json, JsonObject } from '../json/json.js';
import type { TurnResult } from '../model-turn.js';
import type { Ref } from './ref.js';
import type { Spent } from './spent.js';

/**
 * State of one step (key: `path#iteration`). The interpreter looks here before it acts, so a record replaces the work:
 * a segment, or an earlier history of the run, has done it. A composite step keeps its attempts (`failed`, `retry`)
 * under `path#iteration!`, separate from its progress.
 */
export type StepRecord =
  | DoneRecord
  | FailedRecord
  /** A `return` step was reached: the run ends with its result. */
  | { status: 'returned'; result: Json }
  | RetryRecord
  | { status: 'branch'; taken: 'then' | 'else'; started_ms?: number }
  | WaitRecord
  | ChildRecord
  | LoopRecord
  | WhileRecord
  | LlmRecord
  | ParallelRecord;

/** A failed attempt that is not handled yet. */
export interface FailedRecord {
  status: 'failed';
  error: StepError;
  attempt: number;
  /** True = evaluating the step's condition failed, so the step has not begun. */
  unbegun?: boolean;
  /** True = the step succeeded and a hook then made it fail. */
  late?: true;
}

/** A retry is due. `attempt` is the number of the next attempt, from 1. */
export interface RetryRecord {
  status: 'retry';
  attempt: number;
  unbegun?: boolean;
}

/** A finished step. `skipped`: the step did not change the scope of its block. */
export interface DoneRecord {
  status: 'done';
  result: Json;
  skipped?: true;
  /** Results of steps inside it, by step name, as far as an expression of the Plan reads them. */
  named?: JsonObject;
  /** For an iteration: the `status` that its loop counts in `tallies`. */
  word?: string;
  /** True = a `foreach` has finished inside it. */
  looped?: true;
  /** Number of the attempt that succeeded, while its hooks are still to run. */
  hooked?: number;
}

/** A list in pieces; each piece is a list, or a reference to one. */
export type Pieces = (Json[] | Ref)[];

/** A `foreach` in progress; all items before `next` are finished. */
export interface LoopRecord {
  status: 'loop';
  /** Epoch milliseconds. */
  started_ms: number;
  /** Index of the first unfinished item. */
  next: number;
  /** Iterations begun so far; each is counted against `limits.iterations` once. */
  begun: number;
  /** Index of the first item in `items`; above 0 in a segment that continues a loop. */
  base: number;
  items: Pieces;
  errors: Pieces;
  /** Counts of iterations by status; the keys are `<status>_count`. */
  tallies: Record<string, number>;
  named: JsonObject;
  /** The list itself, kept when evaluating its expression again could give a different list. */
  list?: Json;
}

/** State of a block between two iterations. */
export interface BlockState {
  result: Json;
  /** True = at least one step has finished and was not skipped. */
  touched: boolean;
  finished: [step: string, result: Json][];
  named: JsonObject;
  looped: boolean;
}

/** A `while` in progress. */
export interface WhileRecord {
  status: 'while';
  /** Epoch milliseconds. */
  started_ms: number;
  /** Number of finished iterations. */
  next: number;
  /** Iterations begun so far; each is counted against `limits.iterations` once. */
  begun: number;
  /** State that the last finished iteration left; null before the first. */
  left: BlockState | null;
}

/** A conversation with a model in progress. Its messages are in the journal. */
export interface LlmRecord {
  status: 'llm';
  /** Epoch milliseconds. */
  started_ms: number;
  /** Number of turns that are finished, tool calls included. */
  next: number;
  /** Result of the current turn, while its tool calls run. */
  turn?: TurnResult;
  /** Why the last answer was rejected. */
  problem?: string;
}

/** A `wait` or `approve` step in progress. */
export interface WaitRecord {
  status: 'wait';
  /** Epoch milliseconds. */
  started_ms: number;
  /** End of the wait in epoch milliseconds; absent = until the run's deadline. */
  until_ms?: number;
  /** Topic of the awaited message; absent = the step only waits for the time. */
  topic?: string;
  /** Number of the attempt; absent = 1. */
  attempt?: number;
  /** Of an `approve` step: the hash of what was asked. */
  hash?: string;
}

/** A child run in progress. */
export interface ChildRecord {
  status: 'child';
  /** Epoch milliseconds. */
  started_ms: number;
  attempt: number;
  /** Id of the child run. */
  id: string;
  /** Share of this run's limits that is reserved for the child. */
  share: Spent;
  /** A result of more bytes is returned by reference. */
  inline_bytes: number;
  /** Set when the child had already ended, because its parent was started again. */
  ended?: true;
}

/** A `parallel` in progress; its branches have records of their own. */
export interface ParallelRecord {
  status: 'parallel';
  /** Epoch milliseconds. */
  started_ms: number;
  attempt: number;
  /** The first failure of a branch. */
  error?: StepError;
  /** True = a branch was cancelled in the middle of its work. */
  cut?: boolean;
}

export type Records = [key: string, record: StepRecord][];
