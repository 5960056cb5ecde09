import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type { DirectiveStep } from '../../../contracts/plan.js';
import type { ApprovalAnswer, ApprovalRequest } from '../../../contracts/run/approval.js';
import type { ChildEnd } from '../../../contracts/run/child.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import type { ChildRecord } from '../../../contracts/run/records.js';
import type { StepNote } from '../../../contracts/run/segment.js';
import type { Block } from './block.js';

/** A place among those who wait for the messages of a topic. */
export interface Waiter {
  /** Gives the place up, also where nothing was received. */
  leave(): void;
}

/** What the interpreter waits for: time, messages, people and other runs. Such a wait outlives every process. */
export interface DurableEffects {
  /** Waits for a point of the run's own clock, in epoch milliseconds; `step` is told as the timer's name. */
  sleep(untilMs: number, step: string): Promise<void>;
  /**
   * Takes a place among those who wait for a topic since then: whoever came first is the first to receive. Absent
   * where only one can wait at a time.
   */
  lineUp?(topic: string, sinceMs: number): Waiter;
  /** Waits for a message, at most until then; undefined when none came. */
  receive(topic: string, untilMs: number, step: string, waiter?: Waiter): Promise<Json | undefined>;
  /** Has an event told to a place, once, when its data contains what must match. */
  listen(place: StepPlace, event: string, match: JsonObject): Promise<void>;
  /** Asks people. Answers with the decision where it was asked before, and decided. */
  ask(request: ApprovalRequest): Promise<ApprovalAnswer | undefined>;
  /** The time for a decision is over. Answers with it, or with one that came in time after all. */
  expire(place: StepPlace): Promise<ApprovalAnswer>;
  /** Begins a child run: once for each attempt, however often it is asked for. */
  spawn(step: DirectiveStep, place: StepPlace, block: Block, attempt: number): Promise<ChildRecord>;
  /** Waits for its end; undefined when the step's time was over first. Whatever ends the wait ends the child. */
  childEnd(child: ChildRecord, step: DirectiveStep): Promise<ChildEnd | undefined>;
  /** Shows that a step waits. */
  waiting(step: Omit<StepNote, 'status'>): Promise<void>;
}
