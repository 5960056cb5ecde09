import type { StepError } from './errors.js';
import type { Outcome, Trigger } from './execution.js';
import type { Json, JsonObject } from './json.js';
import type { Mail } from './message.js';
import type { Budget, TurnResult } from './model-turn.js';
import type { Limits, Plan } from './plan.js';
import type { ShadowOrder } from './shadow.js';
import { isObject } from './json.js';

/** A value over 128 KiB: it lies in `blobs` under its SHA-256 and travels as this. */
export interface Ref extends JsonObject {
  $blob: string;
  bytes: number;
}

/** A `status` is seen without fetching the value: loops count them. Longer ones are no statuses. */
export const MAX_STATUS_LENGTH = 200;

/** True for a {@link Ref}. */
export const isRef = (value: unknown): value is Ref =>
  isObject(value) &&
  typeof value.$blob === 'string' &&
  typeof value.bytes === 'number' &&
  Object.keys(value).length === (typeof value.status === 'string' ? 3 : 2) &&
  /^[0-9a-f]{64}$/.test(value.$blob);

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

/** Where a step stands in the run. */
export interface StepPlace {
  path: string;
  /** Indices of the loops around it, outermost first, joined by `.`. */
  iteration: string;
}

/** How far a step at work says that it is. */
export interface ShownProgress {
  done: number;
  total: number | null;
  message: string | null;
  /** When it said so, or gave another sign of life; ISO-8601. */
  at: string;
}

/** The scope of a block, flattened: what a segment needs to go on from the middle of a run. */
export interface ScopeSnapshot {
  result: Json;
  /** Results of finished steps that bare names may come from, outermost first. */
  finished: [step: string, result: Json][];
  /** `steps.NAME`, as far as they are not among those. */
  named: JsonObject;
  /** `item`, `index`, `error`, as far as they are there. */
  locals: JsonObject;
  /** A `foreach` has finished here: an unknown `<word>_count` reads 0. */
  looped: boolean;
  /** Of how many lanes of the run that may be under way at once this block is one. */
  parallel: number;
}

/** What every expression may read of the run. */
export interface RunScope {
  id: string;
  directive: string;
  trigger: Trigger;
  actor: string;
  attempt: number;
  started_at: string;
}

/** The input of the workflow: one run, its Plan pinned. */
export interface RunInput {
  run: RunScope;
  plan: Plan;
  plan_hash: string;
  /** The inputs, by reference when they are large. */
  inputs: Json;
  /** Of a child run: what its parent leaves it. Absent = what the Plan says. */
  bounds?: RunBounds;
  /** Epoch milliseconds at which `limits.duration_seconds` is used up. */
  deadline_ms: number;
  /** The engine forgot this run and it was started again: every step asks the journal first. */
  recovered: boolean;
  /** Its cancellation was asked for before its start. */
  cancelled: boolean;
  /** How often it was paused or resumed before its start; odd = it is paused. */
  pauses: number;
  /** The cluster knows our search attributes; without them the memo says the same. */
  searchable: boolean;
  /** What a re-run that begins in the middle knows of the steps before. */
  seed?: Records;
  /** Nothing happens: a recorded run answers. */
  shadow?: ShadowOrder;
  /** An earlier part of this run left files, perhaps. */
  artifacts?: true;
  /** What an earlier part of this run did, after continue-as-new. */
  carried?: { records: Records; spent: Spent; mail?: Mail; ending?: Ending };
}

/** The steps of a run have ended; what follows is under way. */
export interface Ending {
  outcome: Outcome;
  /** What the steps of the top block left. */
  scope: BlockState;
  /** The run met a limit: hooks are still to be asked. */
  limit?: true;
  /** Finished steps are being undone: the next is the one completed before this. */
  undo?: { after: string | null };
  /** Its own bounds, and the time at which it is over. */
  bounds?: Pick<Limits, 'steps' | 'iterations' | 'tokens' | 'cost_usd'> & {
    spawns?: number;
    deadline_ms: number;
  };
}

/** A finished step that is to be undone. */
export interface Undo extends StepPlace {
  result: Json;
  /** What its compensation reads of the step's scope. */
  scope: Json;
  /** Its place in the order of completion. */
  cursor: string;
}

/** What a run has used of its limits, its children's share included. */
export interface Spent {
  steps: number;
  iterations: number;
  spawns: number;
  /** Of models, input and output together. */
  tokens: number;
  cost_usd: number;
}

export const NOTHING_SPENT: Readonly<Spent> = {
  steps: 0,
  iterations: 0,
  spawns: 0,
  tokens: 0,
  cost_usd: 0,
};

/** What a child run may do at most: what its own Plan says, within what its parent has left. */
export interface RunBounds {
  /** `depth`: so many generations may follow. */
  limits: Limits;
  /** Its rights; null = those of the actor. */
  permissions: string[] | null;
  /** Epoch milliseconds at which its parent's time is over. */
  deadline_ms: number;
}

/** What a parent asks for. */
export interface SpawnRequest extends StepPlace {
  run: RunScope;
  /** Of the parent. */
  plan_hash: string;
  directive: string;
  range?: string;
  inputs: Json;
  attempt: number;
  /** What the parent leaves it. */
  bounds: RunBounds;
}

/** The child run that a request came to. */
export interface Spawned {
  id: string;
  limits: Limits;
  ended: boolean;
}

/** How a child run ended. */
export interface ChildEnd extends Outcome {
  /** Absent when nobody knows: it was ended from outside. */
  spent?: Spent;
}

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

/** The input of a step that is an activity of its own, as Temporal Web UI shows it. */
export interface OwnStepInput extends StepPlace {
  run: RunScope;
  plan_hash: string;
  inputs: Json;
  attempt: number;
  /** Of a child run: see {@link RunBounds}. */
  permissions?: string[] | null;
  deadline_ms: number;
  /** An earlier run of the workflow may have come further. */
  recovered: boolean;
  /** A result of more bytes than that goes by reference. */
  inline_bytes: number;
  /** The run ends: its cancellation does not stop this. */
  ending: boolean;
  /** Of a model turn. */
  budget?: Budget;
  /** The run may have files; false = it had none when this was scheduled, and nobody need ask. */
  artifacts?: boolean;
  /** What its compensation would read. */
  undo?: Json;
  /** It is the run's last: its success is the run's, which has spent this. */
  last?: Spent;
  notes: StepNote[];
}

/**
 * An own step's answer: failures of the step are data, so that only the platform's faults are retried
 * by the engine. `stop`: the step was cut off, by the run's cancellation or by its deadline. `artifacts`: the
 * run has files now, perhaps; absent = nobody looked. `ended`: the end of the run is written as well.
 */
export type OwnStepOutput = OwnStepEnd & { artifacts?: boolean };
export type OwnStepEnd =
  { result: Json; ended?: true } | { error: StepError } | { stop: 'cancelled' | 'deadline' };

/** A part of a list that may be too long to travel whole: its items from `from` on. */
export interface ListPart {
  count: number;
  from: number;
  items: Json[];
}

export interface FinishInput {
  run: RunScope;
  outcome: Outcome;
  spent: Spent;
  notes: StepNote[];
}
