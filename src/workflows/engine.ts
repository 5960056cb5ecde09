import type { CallStep } from '../contracts/plan.js';
import type { OwnStepInput, OwnStepOutput } from '../contracts/run.js';

/** Whether it is somebody's turn; see {@link Engine.alone}. */
export interface Turn {
  taken: boolean;
}

/** What a run asks of the engine beneath it: Temporal's workflow API, and nothing else of it. */
export interface Engine {
  /** Epoch milliseconds. */
  now(): number;
  /** 0 to 1. */
  random(): number;
  sleep(ms: number, summary?: string): Promise<void>;
  /** A local activity, attempted once. */
  local<T>(name: string, args: unknown[]): Promise<T>;
  /** The same as an activity: a local one holds up everything beside it. */
  remote<T>(name: string, args: unknown[]): Promise<T>;
  /** The activity of one attempt of a step; repeated by the engine while the platform is at fault. */
  own(step: CallStep, input: OwnStepInput, remainingMs: number): Promise<OwnStepOutput>;
  /** False in a run that was begun before the interpreter behaved so. */
  has(change: string): boolean;
  /**
   * Resolves once everything else that the engine has just told has been done, and for one caller at a time.
   * `turn` is the run's own.
   */
  alone(turn: Turn): Promise<void>;
  /** Work that no cancellation reaches. */
  shielded<T>(work: () => Promise<T>): Promise<T>;
  /** Begins work that can be cancelled without the rest. */
  scope(work: () => Promise<void>): { done: Promise<void>; cancel(): void };
  /** The history grows long: the run should go on in a new one. `pending`: activities that are under way. */
  full(pending: number): boolean;
}
