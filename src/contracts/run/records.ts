import type { StepError } from '../errors.js';
import type { Json, JsonObject } from '../json/json.js';
import type { TurnResult } from '../model-turn.js';
import type { Ref } from './ref.js';
import type { Spent } from './spent.js';

/**
 * What is known of one step (key: `path#iteration`). The interpreter asks here before it does
 * anything, so a record stands for the work: from a segment, from an earlier part of a long run.
 * A step made of steps has its attempts (`failed`, `retry`) beside its progress, under `path#iteration!`.
 */
export type StepRecord =
  | DoneRecord
  | FailedRecord
  /** A `return` that was reached: the run ends with its result. */
  | { status: 'returned'; result: Json }
  | RetryRecord
  | { status: 'branch'; taken: 'then' | 'else'; started_ms?: number }
  | WaitRecord
  | ChildRecord
  | LoopRecord
  | WhileRecord
  | LlmRecord
  | ParallelRecord;

/** An attempt that failed, and that nothing has handled yet. */
export interface FailedRecord {
  status: 'failed';
  error: StepError;
  attempt: number;
  /** Its condition failed: whether it runs at all is still to be decided. */
  unbegun?: boolean;
  /** It had succeeded, and hooks said otherwise. */
  late?: true;
}

/** The attempt that comes next. */
export interface RetryRecord {
  status: 'retry';
  attempt: number;
  unbegun?: boolean;
}

/** A finished step. `skipped`: it changed nothing of the scope around it. */
export interface DoneRecord {
  status: 'done';
  result: Json;
  skipped?: true;
  /** Results of the named steps inside it, where an expression reads them. */
  named?: JsonObject;
  /** Of an iteration: the status that counts in its loop's tallies. */
  word?: string;
  /** A `foreach` has finished inside it. */
  looped?: true;
  /** Hooks are still to be asked about it: the attempt that succeeded. */
  hooked?: number;
}

/** A list in pieces: each a list, or the reference of one. */
export type Pieces = (Json[] | Ref)[];

/** A `foreach` under way: the items before `next` are finished. */
export interface LoopRecord {
  status: 'loop';
  /** Epoch milliseconds. */
  started_ms: number;
  /** The first item that is not finished. */
  next: number;
  /** How many iterations have begun: each counts once. */
  begun: number;
  /** The first item that `items` holds: not 0 inside a segment that goes on with a loop. */
  base: number;
  items: Pieces;
  errors: Pieces;
  /** By `<word>_count`. */
  tallies: Record<string, number>;
  named: JsonObject;
  /** The list itself, where it could be another one the next time that it is evaluated. */
  list?: Json;
}

/** What the steps of one list have left so far. */
export interface BlockState {
  result: Json;
  /** One of them has finished, and was not skipped. */
  touched: boolean;
  finished: [step: string, result: Json][];
  named: JsonObject;
  looped: boolean;
}

/** A `while` under way. */
export interface WhileRecord {
  status: 'while';
  /** Epoch milliseconds. */
  started_ms: number;
  /** How many iterations are finished. */
  next: number;
  /** How many iterations have begun: each counts once. */
  begun: number;
  /** What the last finished one left; null before the first. */
  left: BlockState | null;
}

/** A conversation with a model under way. What was said is in the journal. */
export interface LlmRecord {
  status: 'llm';
  /** Epoch milliseconds. */
  started_ms: number;
  /** How many turns are finished, their calls included. */
  next: number;
  /** What the next one came to; its calls are under way. */
  turn?: TurnResult;
  /** What was wrong with the last answer. */
  problem?: string;
}

/** A wait under way, or a question. */
export interface WaitRecord {
  status: 'wait';
  /** Epoch milliseconds. */
  started_ms: number;
  /** Epoch milliseconds; absent = as long as the run may. */
  until_ms?: number;
  /** What it waits for; absent = for that time. */
  topic?: string;
  /** Absent = the first. */
  attempt?: number;
}

/** A child run under way. */
export interface ChildRecord {
  status: 'child';
  /** Epoch milliseconds. */
  started_ms: number;
  attempt: number;
  /** Of the child run. */
  id: string;
  /** What it has reserved of this run's limits. */
  share: Spent;
  /** A result of more bytes than that goes by reference. */
  inline_bytes: number;
  /** It had ended before: its parent was started again. */
  ended?: true;
}

/** A `parallel` under way; its branches have records of their own. */
export interface ParallelRecord {
  status: 'parallel';
  /** Epoch milliseconds. */
  started_ms: number;
  attempt: number;
  /** The first failure of a branch. */
  error?: StepError;
  /** A branch was cancelled in the middle of its work. */
  cut?: boolean;
}

export type Records = [key: string, record: StepRecord][];
