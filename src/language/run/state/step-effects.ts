import type { Json } from '../../../contracts/json/json.js';
import type { AwaitedStep, CallStep, LlmStep, PlanStep } from '../../../contracts/plan.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import type { StepRecord } from '../../../contracts/run/records.js';
import type { SegmentStop, StepNote } from '../../../contracts/run/segment.js';
import type { Spent } from '../../../contracts/run/spent.js';
import type { Block } from './block.js';

/** Work beside other work. */
export interface Branch {
  /** False when it was cancelled; rejects with what it throws. */
  ended: Promise<boolean>;
  cancel(): void;
}

/** What the interpreter needs to do steps: calls, the journal, limits, retries and branches. */
export interface StepEffects {
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
  /** Which attempt this is, where that is not counted: in a shadow it is the recorded one. */
  attemptOf?(step: PlanStep, place: StepPlace): number | undefined;
  /** So many iterations of a loop are looked at, whatever becomes of each: in a replay, up to its point. */
  looksAt?(loop: StepPlace): number | undefined;
  /** Stands for a step that time, people or another run would end. Only where nothing may happen: in a shadow. */
  answer?(step: AwaitedStep, place: StepPlace, block: Block, attempt: number): Promise<Json>;
  /** Stands for a whole conversation with a model. Only in `mission test`: a test gives what it comes to. */
  converse?(step: LlmStep, place: StepPlace, block: Block): Promise<Json>;
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
}
