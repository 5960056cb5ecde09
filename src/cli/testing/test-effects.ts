import { createHash } from 'node:crypto';
import type { ApprovalAnswer, ApprovalRequest } from '../../contracts/run/approval.js';
import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { SIGNAL_NAME, topicOf } from '../../contracts/message.js';
import type { CallStep, DirectiveStep, LlmStep, Plan, PlanStep } from '../../contracts/plan.js';
import type { ChildEnd } from '../../contracts/run/child.js';
import type { ChildRecord, LoopRecord } from '../../contracts/run/records.js';
import { NOTHING_SPENT, type Spent } from '../../contracts/run/spent.js';
import type { ListPart, StepNote } from '../../contracts/run/segment.js';
import type { StepPlace } from '../../contracts/run/place.js';
import type { Compensation } from '../../contracts/run/run-input.js';
import type { Block } from '../../language/run/state/block.js';
import { checkInputs } from '../../language/inputs/check-inputs.js';
import type { Branch } from '../../language/run/state/step-effects.js';
import type { EndingEffects } from '../../language/run/endings.js';
import { limitExceeded } from '../../language/run/state/limit-exceeded.js';
import { evaluationScope, type RunValues } from '../../language/run/state/evaluation-scope.js';
import { excerpt } from '../../language/text/excerpt.js';
import { render } from '../../language/expression/template.js';
import { specOf } from '../../language/plan/kinds.js';
import { recordKey } from '../../language/plan/steps/record-key.js';
import { requireUse } from '../../language/run/state/require-use.js';
import { stepTemplate } from '../../language/plan/steps/step-template.js';
import { compensationScope } from '../../language/run/compensation.js';
import { SimulatedClock } from './simulated-clock.js';
import { contains } from './contains.js';
import { type Answer, type Answers, type Given, NotGiven } from './stubs.js';
import type { TestedRun, TestedStep } from './tested-run.js';

interface Finished extends StepPlace {
  result: Json;
  scope: Json;
}

interface Listener {
  topic: string;
  event: string;
  match: JsonObject;
}

/**
 * The interpreter's effects in a simulation: stubs answer the calls, and time
 * is simulated.
 */
export class TestEffects implements EndingEffects {
  readonly observed: Omit<TestedRun, 'outcome' | 'steps'> = {
    calls: [],
    emitted: [],
    questions: [],
    undoFailed: [],
  };
  readonly steps = new Map<string, TestedStep>();
  readonly clock: SimulatedClock;
  private readonly values: RunValues;
  private readonly kept: { topic: string; payload: Json }[] = [];
  private readonly listeners: Listener[] = [];
  /** The answers of child runs that have been started. */
  private readonly children = new Map<string, Answer>();
  private readonly finished: Finished[] = [];
  private deadlineMs: number;

  constructor(
    private readonly plan: Plan,
    private readonly given: Given,
    inputs: JsonObject,
    private readonly answers: Answers,
  ) {
    this.clock = new SimulatedClock(given.now);
    this.deadlineMs = given.now + plan.limits.duration_seconds * 1000;
    const { actor, trigger } = given;
    const started_at = new Date(given.now).toISOString();
    this.values = {
      run: { id: 'rehearsal', directive: plan.name, trigger, actor, attempt: 1, started_at },
      inputs,
      deref: () => undefined,
      now: () => this.now(),
    };
    this.expect();
  }

  now(): number {
    return this.clock.now;
  }

  async render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    return render(template, evaluationScope(this.values, block, place));
  }

  async attempt(step: CallStep, place: StepPlace, block: Block, attempt: number): Promise<Json> {
    const started_ms = this.now();
    const { name, kind } = step;
    const note = (end: Pick<StepNote, 'status' | 'result' | 'undo'>) =>
      this.note({ ...place, name, kind, attempt, started_ms, completed_ms: this.now(), ...end });
    try {
      const inputs = await this.render(stepTemplate(step), block, place);
      const undo = await compensationScope(this, { step, place, block });
      const result = await this.call(step, place, attempt, inputs);
      note({ status: 'success', result, ...(undo === undefined ? {} : { undo }) });
      return result;
    } catch (thrown) {
      if (thrown instanceof MissionError) note({ status: 'error' });
      throw thrown;
    }
  }

  /** Answers a whole conversation with one stub, as for any call. */
  async converse(step: LlmStep, place: StepPlace, block: Block): Promise<Json> {
    const inputs = await this.render(step.request, block, place);
    return this.call(step, place, 1, inputs);
  }

  /** Records a step; the interpreter calls this before each step. */
  recall({ name, kind }: PlanStep, place: StepPlace): undefined {
    const key = recordKey(place);
    if (!this.steps.has(key)) this.steps.set(key, { ...placeOf(place), step: name, kind });
  }

  recallTurn(): undefined {}

  /** Sleeps; a wait beyond the run's deadline ends with it. */
  async sleep(untilMs: number): Promise<void> {
    await this.clock.sleep(Math.min(untilMs, this.deadlineMs));
    if (this.deadlineMs < untilMs) this.stopAt('duration_seconds');
  }

  async receive(topic: string, untilMs: number, step: string): Promise<Json | undefined> {
    const end = Math.min(untilMs, this.deadlineMs);
    for (;;) {
      const index = this.kept.findIndex((message) => message.topic === topic);
      if (index >= 0) return this.kept.splice(index, 1)[0]!.payload;
      if (this.now() >= end) break;
      await this.clock.sleep(end, topic);
    }
    if (untilMs === Infinity) this.waitsForEver(topic, step);
    return end < untilMs ? this.stopAt('duration_seconds') : undefined;
  }

  async listen(place: StepPlace, event: string, match: JsonObject): Promise<void> {
    this.listeners.push({
      topic: topicOf({ kind: 'event', name: recordKey(place) }),
      event,
      match,
    });
  }

  async ask(request: ApprovalRequest): Promise<undefined> {
    this.observed.questions.push(request);
    const answer = this.answerOf(request.step, 'approve', request, 1, null);
    if (answer.decision === 'expired') return;
    const { decision: status, by = 'somebody', comment = null, form = {} } = answer;
    const decision = { status, by, comment, form: this.formOf(request, answer, form), hash: null };
    const topic = topicOf({ kind: 'decision', name: recordKey(request) });
    this.later(answer.after_seconds, () => this.deliver(topic, decision as ApprovalAnswer));
  }

  async expire(): Promise<ApprovalAnswer> {
    return { status: 'expired', by: null, comment: null, form: {}, hash: null };
  }

  async spawn(
    step: DirectiveStep,
    place: StepPlace,
    block: Block,
    attempt: number,
  ): Promise<ChildRecord> {
    const { name, kind } = step;
    const inputs = await this.render(step.inputs, block, place);
    this.observed.calls.push({ ...placeOf(place), step: name, kind, attempt, inputs });
    requireUse(step, inputs, this.plan.permissions);
    const id = `${recordKey(place)}~${attempt}`;
    this.children.set(id, this.answerOf(name, kind, place, attempt, inputs));
    const started_ms = this.now();
    return { status: 'child', started_ms, attempt, id, share: NOTHING_SPENT, inline_bytes: 0 };
  }

  async childEnd({ id }: ChildRecord, step: DirectiveStep): Promise<ChildEnd | undefined> {
    const { result = null, error, after_seconds } = this.children.get(id)!;
    const most = step.timeout_seconds ?? Infinity;
    await this.sleep(this.now() + Math.min(after_seconds, most) * 1000);
    if (after_seconds > most) return undefined;
    if (!error) return { status: 'success', result };
    return { status: 'error', error: { code: specOf(step).failure!, ...error } };
  }

  async waiting(): Promise<void> {}

  /** Waits the longest possible back-off, without random jitter. */
  async backoff({ seconds }: { seconds: number }): Promise<void> {
    await this.clock.sleep(Math.min(this.now() + seconds * 1000, this.deadlineMs));
  }

  branch(work: () => Promise<void>): Branch {
    return this.clock.branch(work);
  }

  async drop(): Promise<void> {}

  handOver(): void {}

  checkpoint(): void {
    this.clock.check();
    if (this.now() >= this.deadlineMs) this.stopAt('duration_seconds');
  }

  async exceeded(limit: keyof Spent): Promise<never> {
    return this.stopAt(limit);
  }

  note({ path, iteration, name, kind, status, result = null, undo }: StepNote): void {
    if (status === 'waiting') return;
    const key = recordKey({ path, iteration });
    this.steps.set(key, {
      ...(this.steps.get(key) ?? { path, iteration, step: name, kind }),
      status,
    });
    if (undo !== undefined) this.finished.push({ path, iteration, result, scope: undo });
  }

  async keep(value: Json): Promise<Json> {
    return value;
  }

  async part(list: Json): Promise<ListPart | undefined> {
    return Array.isArray(list) ? { count: list.length, from: 0, items: list } : undefined;
  }

  async text(value: Json): Promise<string> {
    return excerpt(value);
  }

  async compose({ items, errors, tallies }: LoopRecord, count: number): Promise<Json> {
    return { items: items.flat() as Json[], errors: errors.flat() as Json[], count, ...tallies };
  }

  async pendingCompensations(after: string | null): Promise<Compensation[]> {
    const rows = this.finished.map((row, index) => ({ ...row, cursor: String(index) }));
    return rows.filter((_, index) => after === null || index < Number(after)).reverse();
  }

  async reportFailedCompensation(step: string): Promise<void> {
    this.observed.undoFailed.push(step);
  }

  /**
   * Sets the deadline for compensations and `always` steps, which have time of
   * their own.
   */
  extend(deadlineMs: number): void {
    this.deadlineMs = deadlineMs;
  }

  /** Schedules the signals and events of the test. */
  private expect(): void {
    for (const { name, payload, after_seconds } of this.given.signals) {
      const topic = topicOf({ kind: 'signal', name });
      this.later(after_seconds, () => this.deliver(topic, payload));
    }
    for (const { name, payload, after_seconds } of this.given.events) {
      this.later(after_seconds, () => this.happen(name, payload));
    }
  }

  private async call(
    step: CallStep | LlmStep,
    place: StepPlace,
    attempt: number,
    inputs: Json,
  ): Promise<Json> {
    const { name, kind } = step;
    this.observed.calls.push({ ...placeOf(place), step: name, kind, attempt, inputs });
    requireUse(step, inputs, this.plan.permissions);
    if (kind === 'emit') return this.emit(inputs as { event: Json; data: Json }, place);
    const {
      result = null,
      error,
      after_seconds,
    } = this.answerOf(name, kind, place, attempt, inputs);
    const most = step.timeout_seconds ?? Infinity;
    await this.sleep(this.now() + Math.min(after_seconds, most) * 1000);
    if (after_seconds > most)
      throw new MissionError('timeout', `${name} took longer than ${most} s`);
    if (!error) return result;
    const { code = specOf(step).failure!, message, data, retryable } = error;
    throw new MissionError(code, message, data, retryable === undefined ? {} : { retryable });
  }

  private emit({ event, data }: { event: Json; data: Json }, place: StepPlace): Json {
    const name = String(event);
    if (!SIGNAL_NAME.test(name)) {
      throw new MissionError(
        'input_invalid',
        `${JSON.stringify(name)} is not a valid name for an event`,
      );
    }
    this.observed.emitted.push({ name, data });
    this.happen(name, data);
    const hash = createHash('sha256').update(recordKey(place)).digest('hex');
    return {
      event_id: `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`,
    };
  }

  /** Delivers an event to the steps that wait for it at this time, once. */
  private happen(name: string, data: Json): void {
    for (const listener of [...this.listeners]) {
      if (listener.event !== name || !contains(data, listener.match)) continue;
      this.listeners.splice(this.listeners.indexOf(listener), 1);
      this.deliver(listener.topic, data);
    }
  }

  private deliver(topic: string, payload: Json): void {
    this.kept.push({ topic, payload });
    this.clock.wake(topic);
  }

  private later(seconds: number, happens: () => void): void {
    if (seconds > 0) this.clock.at(this.now() + seconds * 1000, happens);
    else happens();
  }

  private answerOf(...call: Parameters<Answers['next']>): Answer {
    try {
      return this.answers.next(...call);
    } catch (thrown) {
      return this.clock.fail(thrown);
    }
  }

  /**
   * Validates the form of an answer as the server does; a denial needs no form.
   */
  private formOf(
    { step, form }: ApprovalRequest,
    { decision }: Answer,
    given: JsonObject,
  ): JsonObject {
    if (decision === 'denied') return given;
    const { inputs, problems } = checkInputs(form, given);
    if (problems.length === 0) return inputs;
    const list = problems
      .map(({ message, hint }) => (hint ? `${message} (${hint})` : message))
      .join('; ');
    return this.clock.fail(
      new NotGiven(`the form that the test gives for ${step} is invalid: ${list}`),
    );
  }

  private waitsForEver(topic: string, step: string): never {
    const [kind, name] = topic.split(' ');
    const what = kind === 'event' ? 'an event' : `the signal ${name}`;
    const text = `${step} waits for ${what} that never comes: write ${kind}s: [{ name: … }], or give the step a timeout_seconds`;
    return this.clock.fail(new NotGiven(text));
  }

  private stopAt(limit: keyof Spent | 'duration_seconds'): never {
    throw limitExceeded(this.plan.limits, limit);
  }
}

const placeOf = ({ path, iteration }: StepPlace): StepPlace => ({ path, iteration });
