import type { Activities } from '../../activities/create-activities.js';
import type { CallStep } from '../../contracts/plan.js';
import type { OwnStepInput, OwnStepOutput } from '../../contracts/run/own-step.js';
import type { SegmentInput, SegmentOutput } from '../../contracts/run/segment.js';

/** Name of a registered activity; activities of steps and segments have the names of their steps instead. */
export type ActivityName = Exclude<keyof Activities, 'default'>;

/** A lock that one caller holds at a time, see {@link Engine.alone}. */
export interface Mutex {
  taken: boolean;
}

/** The part of Temporal's workflow API that a run uses. Tests implement it in memory. */
export interface Engine {
  /** The workflow's time, in epoch milliseconds. */
  now(): number;
  /** A deterministic random number from 0 to 1. */
  random(): number;
  sleep(ms: number, summary?: string): Promise<void>;
  /** Calls a local activity with a single attempt. */
  local<K extends ActivityName>(
    name: K,
    ...args: Parameters<Activities[K]>
  ): ReturnType<Activities[K]>;
  /** Runs a segment as a local activity named `name`, with a single attempt. */
  segment(name: string, input: SegmentInput): Promise<SegmentOutput>;
  /** Runs a segment as a regular activity, which does not delay concurrent work as a local activity does. */
  remoteSegment(name: string, input: SegmentInput): Promise<SegmentOutput>;
  /** Runs one attempt of a step as an activity, which Temporal retries on faults of the platform. */
  own(step: CallStep, input: OwnStepInput, remainingMs: number): Promise<OwnStepOutput>;
  /** False in a run whose history began before the interpreter had this change (`patched`). */
  has(change: string): boolean;
  /**
   * Resolves once all pending continuations have run, and for one caller at a time. All callers of a run must pass the
   * same mutex.
   */
  alone(mutex: Mutex): Promise<void>;
  /** Runs work in a scope that cancellation does not reach. */
  shielded<T>(work: () => Promise<T>): Promise<T>;
  /** Starts work in its own cancellation scope. */
  scope(work: () => Promise<void>): { done: Promise<void>; cancel(): void };
  /** True if the run should continue as new. `pending`: number of activities in progress. */
  shouldContinueAsNew(pending: number): boolean;
}
