import type { Activities } from '../../activities/create-activities.js';
import type { CallStep } from '../../contracts/plan.js';
import type { OwnStepInput, OwnStepOutput } from '../../contracts/run/own-step.js';
import type { SegmentInput, SegmentOutput } from '../../contracts/run/segment.js';

/** An activity of Mission Control's own; steps and segments have their own names. */
export type ActivityName = Exclude<keyof Activities, 'default'>;

/** Held by one caller at a time; see {@link Engine.alone}. */
export interface Mutex {
  taken: boolean;
}

/** The part of Temporal's workflow API that a run uses. Tests implement it in memory. */
export interface Engine {
  /** Epoch milliseconds. */
  now(): number;
  /** 0 to 1. */
  random(): number;
  sleep(ms: number, summary?: string): Promise<void>;
  /** Calls a local activity. It is attempted once. */
  local<K extends ActivityName>(
    name: K,
    ...args: Parameters<Activities[K]>
  ): ReturnType<Activities[K]>;
  /** Runs a segment as a local activity of that name. It is attempted once. */
  segment(name: string, input: SegmentInput): Promise<SegmentOutput>;
  /** Runs a segment as an activity: unlike a local one it does not delay the work beside it. */
  remoteSegment(name: string, input: SegmentInput): Promise<SegmentOutput>;
  /** The activity of one attempt of a step; repeated by the engine while the platform is at fault. */
  own(step: CallStep, input: OwnStepInput, remainingMs: number): Promise<OwnStepOutput>;
  /** False in a run that began before the interpreter had this change. */
  has(change: string): boolean;
  /**
   * Resolves when the continuations of everything that the engine has just resolved have run, and for one caller
   * at a time. The mutex is the run's own.
   */
  alone(mutex: Mutex): Promise<void>;
  /** Work that no cancellation reaches. */
  shielded<T>(work: () => Promise<T>): Promise<T>;
  /** Begins work that can be cancelled without the rest. */
  scope(work: () => Promise<void>): { done: Promise<void>; cancel(): void };
  /** Whether the run should continue as new. `pending`: activities that are under way. */
  shouldContinueAsNew(pending: number): boolean;
}
