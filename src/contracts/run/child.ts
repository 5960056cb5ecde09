import type { Outcome } from '../execution.js';
import type { Json } from '../json/json.js';
import type { Limits } from '../plan.js';
import type { StepPlace } from './place.js';
import type { RunScope } from './scope.js';
import type { RunBounds, Spent } from './spent.js';

/** A parent's request to start a child run. */
export interface SpawnRequest extends StepPlace {
  run: RunScope;
  /** Hash of the parent's Plan. */
  plan_hash: string;
  directive: string;
  range?: string;
  inputs: Json;
  attempt: number;
  /** Bounds that the parent sets for the child. */
  bounds: RunBounds;
}

/** The child run that a {@link SpawnRequest} started, or found already started. */
export interface Spawned {
  id: string;
  limits: Limits;
  ended: boolean;
}

/** The outcome of a child run, and its usage. */
export interface ChildEnd extends Outcome {
  /** Usage of the child; absent when it is unknown, because the child was ended from outside. */
  spent?: Spent;
}
