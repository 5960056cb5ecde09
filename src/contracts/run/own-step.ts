import type { StepError } from '../errors.js';
import type { Json } from '../json/json.js';
import type { Budget } from '../model-turn.js';
import type { StepPlace } from './place.js';
import type { RunScope } from './scope.js';
import type { StepNote } from './segment.js';
import type { Spent } from './spent.js';

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
