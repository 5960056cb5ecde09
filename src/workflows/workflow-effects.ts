import { CancelledFailure } from '@temporalio/workflow';
import type { StepError } from '../contracts/errors.js';
import type { ApprovalAnswer, ApprovalRequest } from '../contracts/run/approval.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json, JsonObject } from '../contracts/json/json.js';
import type { CallStep, DirectiveStep } from '../contracts/plan.js';
import type { ChildEnd } from '../contracts/run/child.js';
import type { ChildRecord, LoopRecord, StepRecord } from '../contracts/run/records.js';
import type { Ending, RunInput, Compensation } from '../contracts/run/run-input.js';
import type { ListPart, SegmentStop, StepNote } from '../contracts/run/segment.js';
import type { Spent } from '../contracts/run/spent.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { Block } from '../language/run/state/block.js';
import type { Waiter } from '../language/run/state/durable-effects.js';
import type { Branch } from '../language/run/state/step-effects.js';
import type { EndingEffects } from '../language/run/endings.js';
import { endingBounds, grace } from '../language/run/state/grace.js';
import { limitExceeded } from '../language/run/state/limit-exceeded.js';
import { ActivityCalls } from './engine/activity-calls.js';
import { branchOf } from './branch.js';
import { Children } from './children.js';
import { ContinueSignal } from './engine/continue-signal.js';
import type { Engine } from './engine/engine.js';
import { LimitShares } from './limit-shares.js';
import { type Mailbox, PAUSE } from './engine/mailbox.js';
import { nextInput } from './next-input.js';
import { type Bounds, PayloadBudget } from './engine/payload-budget.js';
import { RunClock } from './engine/run-clock.js';
import type { RunState } from './run-state.js';
import { StepCalls } from './step-calls.js';
import { StepNotes } from './step-notes.js';
import { Timers } from './engine/timers.js';
import { ValueCalls } from './value-calls.js';

const FINISH_MS = 10 * 60_000;

/** Initial state of one history of a run. */
export interface HistoryStart {
  input: RunInput;
  /** Records from an earlier history, or from the seed of a re-run. */
  records?: Map<string, StepRecord>;
  spent: Spent;
  mailbox: Mailbox;
  /** Payload bounds; absent = the defaults. Tests pass small ones. */
  bounds?: Bounds | undefined;
}

/** Implements the interpreter's effects in the workflow with activities, timers and child runs. */
export class WorkflowEffects implements EndingEffects {
  private readonly state: RunState;
  private readonly budget: PayloadBudget;
  private readonly clock: RunClock;
  private readonly timers: Timers;
  private readonly calls: ActivityCalls;
  private readonly notes: StepNotes;
  private readonly values: ValueCalls;
  private readonly steps: StepCalls;
  private readonly children: Children;
  private readonly mailbox: Mailbox;

  constructor(
    private readonly engine: Engine,
    start: HistoryStart,
  ) {
    const { input, mailbox } = start;
    this.mailbox = mailbox;
    const state = (this.state = stateOf(start));
    const budget = (this.budget = new PayloadBudget(start.bounds));
    const clock = (this.clock = new RunClock(engine, state.limits, input.deadline_ms));
    const timers = (this.timers = new Timers(engine, clock, mailbox, () => budget.beginTask()));
    const calls = (this.calls = new ActivityCalls(engine, clock, timers, budget));
    const notes = (this.notes = new StepNotes(input.run.id, calls));
    const values = (this.values = new ValueCalls(input, calls, budget, clock));
    this.steps = new StepCalls({ state, clock, calls, budget, notes, values, mailbox });
    this.children = new Children({ state, clock, timers, calls, engine });
  }

  get cancelled(): boolean {
    return this.state.cancelled;
  }

  now(): number {
    return this.clock.now();
  }

  render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    this.watchBranches(block);
    return this.values.render(template, block, place);
  }

  segment(start: StepPlace, block: Block): Promise<SegmentStop> {
    this.watchBranches(block);
    return this.steps.segment(start, block);
  }

  attempt(step: CallStep, place: StepPlace, block: Block, attempt: number): Promise<Json> {
    this.watchBranches(block);
    return this.steps.attempt(step, place, block, attempt);
  }

  recall(): undefined {
    return undefined;
  }

  recallTurn(): undefined {
    return undefined;
  }

  async backoff({ seconds, jitter }: { seconds: number; jitter: boolean }): Promise<void> {
    const ms = seconds * 1000 * (jitter ? 0.5 + this.engine.random() / 2 : 1);
    await this.timers.wait(Math.min(ms, this.clock.remainingMs()));
  }

  sleep(untilMs: number, step: string): Promise<void> {
    return this.timers.sleepUntil(untilMs, step);
  }

  lineUp(topic: string, sinceMs: number): Waiter {
    return this.timers.lineUp(topic, sinceMs);
  }

  receive(
    topic: string,
    untilMs: number,
    step: string,
    waiter?: Waiter,
  ): Promise<Json | undefined> {
    return this.timers.receive(topic, untilMs, step, waiter);
  }

  listen(place: StepPlace, event: string, match: JsonObject): Promise<void> {
    return this.calls.local('events.listen', { run_id: this.runId, ...place, event, match });
  }

  ask(request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
    return this.calls.local('approvals.ask', this.runId, request);
  }

  expire({ path, iteration }: StepPlace): Promise<ApprovalAnswer> {
    return this.calls.local('approvals.expire', this.runId, { path, iteration });
  }

  async spawn(
    step: DirectiveStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ): Promise<ChildRecord> {
    const inline_bytes = this.budget.inlineBytes(block);
    const rendered = await this.render(step.inputs, block, place);
    const inputs = await this.values.keep(rendered, inline_bytes);
    const options = { lanes: block.parallelism, attempt, inline_bytes };
    const child = await this.children.spawn(step, place, inputs, options);
    const { name, kind, directive } = step;
    const noted = { directive, execution: child.id, inputs };
    const { started_ms } = child;
    await this.waiting({ ...place, name, kind, attempt, started_ms, inputs: noted });
    return child;
  }

  childEnd(child: ChildRecord, step: DirectiveStep): Promise<ChildEnd | undefined> {
    return this.children.end(child, step);
  }

  async waiting(step: Omit<StepNote, 'status'>): Promise<void> {
    if (!this.engine.has('waiting-rows')) return;
    this.note({ ...step, status: 'waiting' });
    await this.notes.write();
  }

  branch(work: () => Promise<void>): Branch {
    this.calls.concurrent = true;
    // A cancelled branch may have completed in an activity, so a later attempt checks the journal.
    return branchOf(this.engine, work, () => (this.state.recovered = true));
  }

  drop(place: StepPlace): Promise<void> {
    return this.calls.local('run.drop', this.runId, place, this.notes.take());
  }

  handOver(): void {}

  async checkpoint(): Promise<void> {
    this.clock.check();
    if (this.engine.shouldContinueAsNew(this.calls.pending)) this.continueAsNew();
    while (this.mailbox.paused && !this.state.ending) {
      await this.timers.nap(this.clock.remainingMs(), 'paused', PAUSE);
      this.clock.check();
    }
    if (this.budget.isTaskFull) await this.timers.wait(1);
  }

  async exceeded(limit: keyof Spent | 'depth'): Promise<void> {
    const { limits, shares } = this.state;
    if (limit === 'depth' || !shares.outstanding) throw limitExceeded(limits, limit);
    await shares.returned();
  }

  note(note: StepNote): void {
    this.notes.add(note);
  }

  keep(value: Json): Promise<Json> {
    return this.values.keep(value);
  }

  part(list: Json, from: number): Promise<ListPart | undefined> {
    return this.values.part(list, from);
  }

  text(value: Json): Promise<string> {
    return this.values.text(value);
  }

  compose(loop: LoopRecord, count: number): Promise<Json> {
    return this.values.compose(loop, count);
  }

  /** Builds the input of the run's next history. */
  async carry(): Promise<RunInput> {
    if (!this.notes.isEmpty) await this.notes.write();
    const keep = (value: Json, limit: number) => this.values.keep(value, limit);
    return nextInput(this.state, this.mailbox.carry(), this.budget.bounds, keep);
  }

  /**
   * Writes the end of the run, unless its last step or segment did. If the database stays unavailable, the reconciler
   * does it.
   */
  async finish(outcome: Outcome): Promise<void> {
    if (this.state.ended) return;
    const { input, spent } = this.state;
    const end = { run: input.run, outcome, spent, notes: this.notes.take() };
    const finish = () => this.engine.local('run.finish', end);
    await this.calls.retryPlatformFaults(finish, this.now() + FINISH_MS).catch(() => {});
  }

  /** Marks the run as cancelled and throws. */
  cancel(): never {
    this.state.cancelled = true;
    throw new CancelledFailure('cancelled');
  }

  /** Begins the ending phase, which has its own limits and deadline. Pauses and cancellation do not stop it. */
  beginEnding(ending: Ending): void {
    const { limits, spent } = this.state;
    ending.bounds ??= {
      ...endingBounds(limits, spent),
      deadline_ms: this.now() + grace(limits.duration_seconds, 300) * 1000,
    };
    this.state.ending = ending;
    this.clock.deadlineMs = ending.bounds.deadline_ms;
    this.state.shares = new LimitShares({ spawns: limits.spawns, ...ending.bounds }, spent);
  }

  /**
   * Steps to compensate, the last completed first; `after`: cursor of the last one already compensated, null = none.
   */
  async pendingCompensations(after: string | null): Promise<Compensation[]> {
    if (!this.notes.isEmpty) await this.notes.write();
    return this.calls.local('run.undo', this.runId, after);
  }

  reportFailedCompensation(
    step: string,
    { path, iteration }: StepPlace,
    error: StepError,
  ): Promise<void> {
    return this.calls.local('run.undo_failed', this.runId, step, { path, iteration }, error);
  }

  private get runId(): string {
    return this.state.input.run.id;
  }

  private continueAsNew(): never {
    this.timers.stop();
    throw new ContinueSignal();
  }

  private watchBranches({ parallelism }: Block): void {
    this.calls.concurrent ||= parallelism > 1;
  }
}

function stateOf({
  input,
  records = new Map<string, StepRecord>(),
  spent,
}: HistoryStart): RunState {
  const limits = input.bounds?.limits ?? input.plan.limits;
  const children = [...records.values()].filter(({ status }) => status === 'child').length;
  return {
    input,
    limits,
    records,
    spent,
    shares: new LimitShares(limits, spent, children),
    cancelled: false,
    ended: false,
    recovered: input.recovered,
    artifacts: input.artifacts ?? input.recovered,
  };
}
