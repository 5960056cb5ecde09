import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type { ApprovalAnswer, ApprovalRequest } from '../../../contracts/run/approval.js';
import type {
  AwaitedStep,
  CallStep,
  DirectiveStep,
  LlmStep,
  PlanStep,
} from '../../../contracts/plan.js';
import type { ChildEnd } from '../../../contracts/run/child.js';
import type { ChildRecord, LoopRecord, StepRecord } from '../../../contracts/run/records.js';
import type { ListPart, SegmentStop, StepNote } from '../../../contracts/run/segment.js';
import type { Spent } from '../../../contracts/run/spent.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import type { Block } from './block.js';

/** Work beside other work. */
export interface Branch {
  /** False when it was cancelled; rejects with what it throws. */
  ended: Promise<boolean>;
  cancel(): void;
}

/** A place among those who wait for the messages of a topic. */
export interface Waiter {
  /** Gives the place up, also where nothing was received. */
  leave(): void;
}

/**
 * Everything that the interpreter cannot do itself. In the workflow these are Temporal's, in a
 * segment direct calls; a segment throws a StopSignal where only the workflow may go on.
 */
export interface Effects {
  /** Renders a template in a block's scope, fetching values by reference where an expression looks into one. */
  render(template: Json, block: Block, place: StepPlace): Promise<Json>;
  /** One attempt of a call, journaled. Throws a MissionError when the step fails. */
  attempt(step: CallStep, place: StepPlace, block: Block, attempt: number): Promise<Json>;
  /** What the journal knows of a step, in a segment that is run again. */
  recall(step: PlanStep, place: StepPlace, attempt: number): StepRecord | undefined;
  /**
   * The same of one turn of a `while` whose condition reads the clock: whether it came about, or undefined
   * when that is not known.
   */
  recallTurn(loop: StepPlace, index: number): boolean | undefined;
  /** Runs light steps from a place to the end of its block, as far as possible. Absent inside a segment. */
  segment?(start: StepPlace, block: Block): Promise<SegmentStop>;
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
  /** Which attempt this is, where that is not counted: in a shadow it is the recorded one. */
  attemptOf?(step: PlanStep, place: StepPlace): number | undefined;
  /** So many iterations of a loop are looked at, whatever becomes of each: in a replay, up to its point. */
  looksAt?(loop: StepPlace): number | undefined;
  /** Stands for a step that time, people or another run would end. Only where nothing may happen: in a shadow. */
  answer?(step: AwaitedStep, place: StepPlace, block: Block, attempt: number): Promise<Json>;
  /** Stands for a whole conversation with a model. Only in a rehearsal: a test gives what it comes to. */
  converse?(step: LlmStep, place: StepPlace, block: Block): Promise<Json>;
  /** Begins a child run: once for each attempt, however often it is asked for. */
  spawn(step: DirectiveStep, place: StepPlace, block: Block, attempt: number): Promise<ChildRecord>;
  /** Waits for its end; undefined when the step's time was over first. Whatever ends the wait ends the child. */
  childEnd(child: ChildRecord, step: DirectiveStep): Promise<ChildEnd | undefined>;
  /** Shows that a step waits. */
  waiting(step: Omit<StepNote, 'status'>): Promise<void>;
  /** Waits before a retry. */
  backoff(delay: { seconds: number; jitter: boolean }): Promise<void>;
  /** Begins work that can be cancelled by itself. */
  branch(work: () => Promise<void>): Branch;
  /** What is still shown as under way inside a step or branch was given up. */
  drop(place: StepPlace): Promise<void>;
  /** Only the workflow may go on from here. */
  handOver(): void;
  /** Before each step: time, cancellation, continue-as-new. Throws to stop. */
  checkpoint(): Promise<void> | void;
  /** A limit is used up. Throws, unless others give back what they had set aside. */
  exceeded(limit: keyof Spent | 'depth'): Promise<void>;
  /** A step that is not a script or MCP call has ended: for the journal. */
  note(note: StepNote): void;
  /** The value, or its reference where it is large. */
  keep(value: Json): Promise<Json>;
  /** A list's items from one of them on, as many as travel well; undefined when the value is no list. */
  part(list: Json, from: number): Promise<ListPart | undefined>;
  /** A value as text for people, cut where it is long. */
  text(value: Json): Promise<string>;
  /** The result of a finished loop, its pieces joined. */
  compose(loop: LoopRecord, count: number): Promise<Json>;
  /** Epoch milliseconds of the run's own clock. */
  now(): number;
}
