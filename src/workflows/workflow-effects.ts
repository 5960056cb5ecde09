import {
  ActivityFailure,
  CancelledFailure,
  isCancellation,
  TemporalFailure,
} from '@temporalio/workflow';
import { MissionError, type StepError, toStepError } from '../contracts/errors.js';
import type { ApprovalAnswer, ApprovalRequest } from '../contracts/approval.js';
import type { Outcome } from '../contracts/execution.js';
import type { Json, JsonObject } from '../contracts/json.js';
import {
  type CallStep,
  type DirectiveStep,
  type Limits,
  MAX_INLINE_BYTES,
} from '../contracts/plan.js';
import type {
  ChildEnd,
  ChildRecord,
  Ending,
  ListPart,
  LoopRecord,
  OwnStepInput,
  OwnStepOutput,
  Records,
  RunInput,
  SegmentInput,
  SegmentOutput,
  SegmentStop,
  Spent,
  StepNote,
  StepPlace,
  StepRecord,
  Undo,
} from '../contracts/run.js';
import { isRef, NOTHING_SPENT } from '../contracts/run.js';
import type { Block } from '../language/block.js';
import type { Branch } from '../language/effects.js';
import type { EndingEffects } from '../language/endings.js';
import { evaluationScope, type RunValues } from '../language/evaluation-scope.js';
import { excerpt } from '../language/excerpt.js';
import { NeedsValue } from '../language/expression/needs-value.js';
import { render } from '../language/expression/template.js';
import { endingBounds, grace } from '../language/grace.js';
import { isLight } from '../language/is-light.js';
import { lighten, lightenState } from '../language/lighten.js';
import { mergeRecords, recordsUnder } from '../language/records-under.js';
import { segmentName } from '../language/segment-name.js';
import { ReturnSignal, StepFailure } from '../language/signals.js';
import { stepPositions } from '../language/step-positions.js';
import { undoOf } from '../language/undo.js';
import { stepTemplate } from '../language/step-template.js';
import { Children } from './children.js';
import { ContinueSignal } from './continue-signal.js';
import { withHooks } from '../language/with-hooks.js';
import type { Engine, Turn } from './engine.js';
import { lastingFailure } from './lasting-failure.js';
import { LimitShares } from './limit-shares.js';
import { type Mailbox, PAUSE } from './mailbox.js';

/** What a run may weigh, in bytes of JSON. */
export interface Bounds {
  /** A value over that is never inline. */
  inline: number;
  /** What lanes that are under way at once put into one workflow task: it travels in one message of at most 4 MiB. */
  task: number;
  /** Once so much has come back inline, results over `small` go by reference: scopes travel, too. */
  scope: number;
  small: number;
}

const BOUNDS: Bounds = {
  inline: MAX_INLINE_BYTES,
  task: 1024 * 1024,
  scope: 1024 * 1024,
  small: 8 * 1024,
};
const LEAST_BYTES = 1024;
const FAULT_SECONDS = { first: 0.5, longest: 30 };
const FINISH_MS = 10 * 60_000;

/** The interpreter's effects in the workflow: activities, timers, the run's own clock. */
export class WorkflowEffects implements EndingEffects {
  /** The journal said so before the engine did. */
  cancelled = false;
  private ended = false;
  private ending: Ending | undefined;
  /** Epoch milliseconds at which the time of the run, or of its ending, is over. */
  private deadlineMs: number;
  /** The run goes on in a new history: whoever sleeps is woken. */
  private leaving = false;
  /** Several things may be under way at once. */
  private lanes = false;
  /** Activities that are under way. */
  private pending = 0;
  private readonly turn: Turn = { taken: false };
  /** Who sleeps, and which message would wake it. */
  private readonly sleeping = new Map<() => void, string | undefined>();
  private notes: StepNote[] = [];
  private taskBytes = 0;
  private scopeBytes = 0;
  private clockMs = 0;
  private recovered: boolean;
  /** The run has files, perhaps. */
  private artifacts: boolean;
  private shares: LimitShares;
  private readonly limits: Limits;
  private readonly children: Children;
  private readonly values: RunValues;
  private readonly positions;

  constructor(
    private readonly input: RunInput,
    private readonly records: Map<string, StepRecord>,
    private readonly spent: Spent,
    private readonly engine: Engine,
    private readonly mailbox: Mailbox,
    private readonly bounds = BOUNDS,
  ) {
    mailbox.onMessage = (topic) => this.wake(topic);
    this.recovered = input.recovered;
    this.artifacts = input.artifacts ?? input.recovered;
    this.deadlineMs = input.deadline_ms;
    this.positions = stepPositions(withHooks(input.plan));
    this.limits = input.bounds?.limits ?? input.plan.limits;
    const children = [...records.values()].filter(({ status }) => status === 'child').length;
    this.shares = new LimitShares(this.limits, spent, children);
    this.children = this.makeChildren();
    this.values = {
      run: input.run,
      inputs: input.inputs,
      deref: () => undefined,
      now: () => this.now(),
    };
  }

  now(): number {
    return Math.max(this.engine.now(), this.clockMs);
  }

  async render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    this.watchLanes(block);
    try {
      return render(template, evaluationScope(this.values, block, place));
    } catch (thrown) {
      if (!(thrown instanceof NeedsValue)) throw thrown;
      const { run, inputs } = this.input;
      const scope = block.snapshot();
      const inline_bytes = this.inlineBytes(block);
      const around = { run, inputs, scope, place, now_ms: this.now(), inline_bytes };
      return this.local('values.render', { ...around, template });
    }
  }

  async segment(start: StepPlace, block: Block): Promise<SegmentStop> {
    this.watchLanes(block);
    const { steps, index } = this.positions.get(start.path)!;
    const end = steps.findIndex((step, at) => at > index && !isLight(step));
    const { run, plan_hash, inputs } = this.input;
    const deadline_ms = this.deadlineMs;
    const sent = recordsUnder(this.records, { steps, index }, start);
    const spent = { ...this.spent };
    const input: SegmentInput = {
      run,
      plan_hash,
      inputs,
      start,
      scope: block.snapshot(),
      records: sent,
      remaining: this.shares.take(block.parallel),
      spent,
      ...this.rights(),
      deadline_ms,
      recovered: this.recovered,
      inline_bytes: this.inlineBytes(block),
      room_bytes: this.roomBytes(block),
      ending: this.ending !== undefined,
      notes: this.takeNotes(),
    };
    const name = segmentName(steps.slice(index, end < 0 ? steps.length : end));
    let used: Spent = NOTHING_SPENT;
    // What is cut off may leave files.
    let artifacts = true;
    try {
      const output = await this.segmentOutput(name, input, block.beside);
      used = { ...NOTHING_SPENT, ...output.spent };
      this.recovered ||= output.again;
      artifacts = output.artifacts ?? true;
      mergeRecords(this.records, sent, output.records);
      this.clockMs = Math.max(this.clockMs, output.now_ms);
      if (output.stop === 'cancelled') this.cancel();
      if (output.pauses !== undefined) this.mailbox.countPauses(output.pauses);
      if (output.ended) this.end(output.ended.result);
      return output.stop;
    } finally {
      this.artifacts ||= artifacts;
      this.shares.giveBack(input.remaining, used);
    }
  }

  async attempt(step: CallStep, place: StepPlace, block: Block, attempt: number): Promise<Json> {
    this.watchLanes(block);
    const inline_bytes = this.inlineBytes(block);
    const inputs = await this.inputsOf(step, place, block, attempt);
    const undo = await undoOf(this, step, block, place);
    const output = await this.own(step, {
      run: this.input.run,
      plan_hash: this.input.plan_hash,
      ...place,
      inputs,
      attempt,
      ...this.rights(),
      deadline_ms: this.deadlineMs,
      recovered: this.recovered,
      inline_bytes,
      ending: this.ending !== undefined,
      ...(step.kind === 'turn' && { budget: this.shares.budget() }),
      artifacts: this.artifacts,
      ...(undo === undefined ? {} : { undo }),
      ...(this.isLast(step) && { last: { ...this.spent } }),
      notes: await this.lightNotes(),
    });
    this.taskBytes = 0;
    this.artifacts ||= output.artifacts ?? true;
    if ('stop' in output) return output.stop === 'cancelled' ? this.cancel() : this.timeIsUp();
    if ('error' in output) {
      const { code, message, data, retryable } = output.error;
      throw new MissionError(code, message, data, { retryable });
    }
    this.scopeBytes += sizeOf(output.result);
    if (output.ended) this.ended = true;
    return output.result;
  }

  /** Its success is the run's: nothing follows it. */
  private isLast({ path }: CallStep): boolean {
    const { steps, always, hooks } = this.input.plan;
    return path === steps.at(-1)!.path && !always && !hooks && !this.recovered;
  }

  recall(): undefined {
    return undefined;
  }

  recallTurn(): undefined {
    return undefined;
  }

  async backoff({ seconds, jitter }: { seconds: number; jitter: boolean }): Promise<void> {
    const ms = seconds * 1000 * (jitter ? 0.5 + this.engine.random() / 2 : 1);
    await this.wait(Math.min(ms, this.deadlineMs - this.now()));
  }

  /** A wait beyond the run's time ends with it. */
  async sleep(untilMs: number, step: string): Promise<void> {
    const end = Math.min(untilMs, this.deadlineMs);
    while (this.now() < end) await this.nap(end - this.now(), step);
    if (end < untilMs) this.timeIsUp();
  }

  async receive(topic: string, untilMs: number, step: string): Promise<Json | undefined> {
    const end = Math.min(untilMs, this.deadlineMs);
    for (;;) {
      const message = this.mailbox.take(topic);
      if (message) return message.payload;
      if (this.now() >= end) break;
      await this.nap(end - this.now(), step, topic);
    }
    return end < untilMs ? this.timeIsUp() : undefined;
  }

  listen(place: StepPlace, event: string, match: JsonObject): Promise<void> {
    return this.local('events.listen', { run_id: this.input.run.id, ...place, event, match });
  }

  ask(request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
    return this.local('approvals.ask', this.input.run.id, request);
  }

  expire({ path, iteration }: StepPlace): Promise<ApprovalAnswer> {
    return this.local('approvals.expire', this.input.run.id, { path, iteration });
  }

  async spawn(
    step: DirectiveStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ): Promise<ChildRecord> {
    const inline_bytes = this.inlineBytes(block);
    const inputs = await this.keep(await this.render(step.inputs, block, place), inline_bytes);
    const around = { lanes: block.parallel, attempt, inline_bytes };
    const child = await this.children.spawn(step, place, inputs, around);
    const { name, kind, directive } = step;
    const shown = { directive, execution: child.id, inputs };
    await this.waiting({
      ...place,
      name,
      kind,
      attempt,
      started_ms: child.started_ms,
      inputs: shown,
    });
    return child;
  }

  childEnd(child: ChildRecord, step: DirectiveStep): Promise<ChildEnd | undefined> {
    return this.children.end(child, step);
  }

  async waiting(step: Omit<StepNote, 'status'>): Promise<void> {
    if (!this.engine.has('waiting-rows')) return;
    this.note({ ...step, status: 'waiting' });
    await this.local('run.notes', this.input.run.id, this.takeNotes());
  }

  branch(work: () => Promise<void>): Branch {
    this.lanes = true;
    const scope = this.engine.scope(work);
    let cut = false;
    const ended = scope.done.then(
      () => true,
      (thrown: unknown) => (cut && isCancellation(thrown) ? false : Promise.reject(thrown)),
    );
    const cancel = () => {
      cut = true;
      // What is cut off may have come to its end: a later attempt asks the journal.
      this.recovered = true;
      scope.cancel();
    };
    return { ended, cancel };
  }

  drop(place: StepPlace): Promise<void> {
    return this.local('run.drop', this.input.run.id, place, this.takeNotes());
  }

  handOver(): void {}

  async checkpoint(): Promise<void> {
    if (this.now() >= this.deadlineMs) this.timeIsUp();
    if (this.engine.full(this.pending)) this.leave();
    while (this.mailbox.paused && !this.ending) {
      await this.nap(this.deadlineMs - this.now(), 'paused', PAUSE);
      if (this.now() >= this.deadlineMs) this.timeIsUp();
    }
    if (this.taskBytes > this.bounds.task) await this.wait(1);
  }

  async exceeded(limit: keyof Spent | 'depth'): Promise<void> {
    if (limit === 'depth' || !this.shares.outstanding) this.stopAt(limit);
    await this.shares.returned();
  }

  note(note: StepNote): void {
    this.notes.push(note);
  }

  async keep(value: Json, limit = this.bounds.inline): Promise<Json> {
    if (isRef(value) || sizeOf(value) * 3 <= limit) return value;
    return this.local('values.keep', value, limit);
  }

  async part(list: Json, from: number): Promise<ListPart | undefined> {
    if (Array.isArray(list)) return { count: list.length, from: 0, items: list };
    return isRef(list) ? this.local('values.part', list, from) : undefined;
  }

  async text(value: Json): Promise<string> {
    return isRef(value) ? this.local('values.text', value) : excerpt(value);
  }

  compose(loop: LoopRecord, count: number): Promise<Json> {
    return this.local('values.compose', loop, count);
  }

  /** The input of the run's next history. */
  async carry(): Promise<RunInput> {
    if (this.notes.length > 0) await this.local('run.notes', this.input.run.id, this.takeNotes());
    const each = Math.floor(this.bounds.task / Math.max(1, this.records.size));
    const limit = Math.min(this.bounds.small, each);
    const records: Records = [];
    for (const [key, record] of this.records) {
      records.push([key, await lighten(record, (value) => this.keep(value, limit))]);
    }
    const carried = { records, spent: this.spent, mail: this.mailbox.carry() };
    const { ending } = this;
    if (ending) ending.scope = await lightenState(ending.scope, (value) => this.keep(value, limit));
    const next = ending ? { ...carried, ending } : carried;
    const { seed: _, ...input } = this.input;
    const known = {
      recovered: this.recovered,
      ...(this.artifacts && { artifacts: true as const }),
    };
    return { ...input, ...known, carried: next };
  }

  /** Writes the run's end, unless its last step or segment did. A database that stays away is left to the reconciler. */
  async finish(outcome: Outcome): Promise<void> {
    if (this.ended) return;
    const { run } = this.input;
    const input = { run, outcome, spent: this.spent, notes: this.takeNotes() };
    const finish = () => this.engine.local<void>('run.finish', [input]);
    await this.insist(finish, this.now() + FINISH_MS).catch(() => {});
  }

  /** Loops in loops put several results into one workflow task. */
  private roomBytes(block: Block): number {
    return Math.max(LEAST_BYTES, Math.floor(this.bounds.task / block.parallel));
  }

  private inlineBytes(block: Block): number {
    const { inline, small, scope } = this.bounds;
    return Math.min(this.scopeBytes > scope ? small : inline, this.roomBytes(block));
  }

  /** The run ends as cancelled. */
  cancel(): never {
    this.cancelled = true;
    throw new CancelledFailure('cancelled');
  }

  private end(result: Json): never {
    this.ended = true;
    throw new ReturnSignal(result);
  }

  /** What follows the run's steps has bounds of its own. Nobody can stop it. */
  beginEnding(ending: Ending): void {
    const { limits } = this;
    ending.bounds ??= {
      ...endingBounds(limits, this.spent),
      deadline_ms: this.now() + grace(limits.duration_seconds, 300) * 1000,
    };
    this.ending = ending;
    this.deadlineMs = ending.bounds.deadline_ms;
    const { bounds } = ending;
    this.shares = new LimitShares({ spawns: limits.spawns, ...bounds }, this.spent);
  }

  /** What is to be undone, the last completed first. */
  async toUndo(after: string | null): Promise<Undo[]> {
    if (this.notes.length > 0) await this.local('run.notes', this.input.run.id, this.takeNotes());
    return this.local('run.undo', this.input.run.id, after);
  }

  reportUndo(step: string, { path, iteration }: StepPlace, error: StepError): Promise<void> {
    return this.local('run.undo_failed', this.input.run.id, step, { path, iteration }, error);
  }

  /** A child has what its parent has, too. */
  private rights(): { permissions?: string[] | null } {
    const { bounds } = this.input;
    return bounds ? { permissions: bounds.permissions } : {};
  }

  private makeChildren(): Children {
    const { input, limits, engine } = this;
    return new Children({
      input,
      limits,
      now: () => this.now(),
      shares: () => this.shares,
      deadlineMs: () => this.deadlineMs,
      local: (name, ...args) => this.local(name, ...args),
      receive: (topic, untilMs, step) => this.receive(topic, untilMs, step),
      insistOn: (topic, untilMs, step) => this.insistOn(topic, untilMs, step),
      shielded: (work) => engine.shielded(work),
    });
  }

  private leave(): never {
    this.leaving = true;
    this.wake();
    throw new ContinueSignal();
  }

  /** Wakes who waits for a message, or everybody. */
  private wake(topic?: string): void {
    for (const [wake, awaited] of this.sleeping) {
      if (topic === undefined || topic === awaited) wake();
    }
  }

  private timeIsUp(): never {
    return this.stopAt('duration_seconds');
  }

  private stopAt(limit: keyof Spent | 'depth' | 'duration_seconds'): never {
    const message = `The run has used up limits.${limit}: ${this.limits[limit]}.`;
    throw new StepFailure({ code: `${limit}_exceeded`, message }, true);
  }

  private takeNotes(): StepNote[] {
    const notes = this.notes;
    this.notes = [];
    return notes;
  }

  /** An activity's input lies in the history: many notes go another way. */
  private async lightNotes(): Promise<StepNote[]> {
    const notes = this.takeNotes();
    if (notes.length === 0 || sizeOf(notes) <= this.bounds.small) return notes;
    await this.local('run.notes', this.input.run.id, notes);
    return [];
  }

  /** A step whose inputs cannot be rendered has failed without being called. */
  private async inputsOf(
    step: CallStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ): Promise<Json> {
    const started_ms = this.now();
    try {
      const rendered = await this.render(stepTemplate(step), block, place);
      return await this.keep(rendered, this.inlineBytes(block));
    } catch (thrown) {
      if (!(thrown instanceof MissionError)) throw thrown;
      const { name, kind } = step;
      const error = { step: name, ...toStepError(thrown) };
      const times = { started_ms, completed_ms: this.now() };
      this.note({ ...place, name, kind, status: 'error', attempt, error, ...times });
      throw thrown;
    }
  }

  private async own(step: CallStep, input: OwnStepInput): Promise<OwnStepOutput> {
    const remaining = Math.max(1, this.deadlineMs - this.now());
    try {
      return await this.counted(this.engine.own(step, input, remaining));
    } catch (thrown) {
      // What was cut off may have left files.
      this.artifacts = true;
      if (!(thrown instanceof ActivityFailure) || isCancellation(thrown)) throw thrown;
      throw lastingFailure(thrown.cause) ?? this.timeIsUp();
    }
  }

  private local<T>(name: string, ...args: unknown[]): Promise<T> {
    return this.weighed(() => this.inOrder(this.engine.local<T>(name, args)));
  }

  private segmentOutput(name: string, input: SegmentInput, beside: boolean) {
    const { local, remote } = this.engine;
    const asActivity = beside && this.engine.has('remote-segments');
    return this.weighed(() =>
      asActivity
        ? this.counted(remote<SegmentOutput>(name, [input]))
        : this.inOrder(local<SegmentOutput>(name, [input])),
    );
  }

  /**
   * What follows a local activity is done before what follows the next one. The engine replays the ends of several at
   * once that came one after another; then their continuations would mix, and make another history.
   */
  private inOrder<T>(work: Promise<T>): Promise<T> {
    return this.lanes ? this.followed(work) : work;
  }

  private async followed<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      await this.engine.alone(this.turn);
    }
  }

  private counted<T>(work: Promise<T>): Promise<T> {
    const ended = () => void this.pending--;
    this.pending++;
    work.then(ended, ended);
    return work;
  }

  private watchLanes({ parallel }: Block): void {
    this.lanes ||= parallel > 1;
  }

  private async weighed<T>(work: () => Promise<T>): Promise<T> {
    const result = await this.insist(work, this.deadlineMs);
    const size = sizeOf(result);
    this.taskBytes += size;
    this.scopeBytes += size;
    return result;
  }

  /** Faults of the platform use up no attempts: they are repeated, at most 30 s apart, until the time is over. */
  private async insist<T>(work: () => Promise<T>, untilMs: number): Promise<T> {
    for (let pause = FAULT_SECONDS.first; ; pause = Math.min(pause * 2, FAULT_SECONDS.longest)) {
      try {
        return await work();
      } catch (thrown) {
        if (!(thrown instanceof TemporalFailure) || isCancellation(thrown)) throw thrown;
        // A local activity's failure comes as it was thrown, without an ActivityFailure around it.
        const lasting = lastingFailure(thrown instanceof ActivityFailure ? thrown.cause : thrown);
        if (lasting) throw lasting;
        if (this.now() >= untilMs) this.timeIsUp();
        await this.wait(pause * 1000);
      }
    }
  }

  /** A timer that a message ends early, and that goes on in the next history. */
  private async nap(ms: number, summary: string, topic?: string): Promise<void> {
    if (this.leaving) throw new ContinueSignal();
    await this.rest(ms, summary, topic);
    if (this.leaving) throw new ContinueSignal();
  }

  /** Waits for a message, whatever else happens to the run. */
  private async insistOn(topic: string, untilMs: number, step: string): Promise<void> {
    while (!this.mailbox.take(topic) && this.now() < untilMs) {
      await this.rest(untilMs - this.now(), step, topic);
    }
  }

  private async rest(ms: number, summary: string, topic?: string): Promise<void> {
    const timer = this.engine.scope(() => this.wait(ms, summary));
    let woken = false;
    const wake = () => {
      woken = true;
      timer.cancel();
    };
    this.sleeping.set(wake, topic);
    try {
      await timer.done;
    } catch (thrown) {
      if (!woken || !isCancellation(thrown)) throw thrown;
    } finally {
      this.sleeping.delete(wake);
    }
  }

  private async wait(ms: number, summary?: string): Promise<void> {
    await this.engine.sleep(Math.max(1, ms), summary);
    this.taskBytes = 0;
  }
}

const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
