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
export interface Compensation extends StepPlace {
  result: Json;
  /** What its compensation reads of the step's scope. */
  scope: Json;
  /** Its place in the order of completion. */
  cursor: string;
}

export interface FinishInput {
  run: RunScope;
  outcome: Outcome;
  spent: Spent;
  notes: StepNote[];
}
