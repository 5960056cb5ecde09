import type { Outcome } from '../execution.js';
import type { Json } from '../json/json.js';
import type { Limits } from '../plan.js';
import type { StepPlace } from './place.js';
import type { RunScope } from './scope.js';
import type { RunBounds, Spent } from './spent.js';

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
