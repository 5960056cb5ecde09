import { AsyncLocalStorage } from 'node:async_hooks';
import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import { createActivities } from '../../src/activities/create-activities.js';
import { runOwnStep } from '../../src/activities/steps/run-own-step.js';
import { runSegment } from '../../src/activities/steps/run-segment.js';
import { MissionError, toStepError } from '../../src/contracts/errors.js';
import type { StepCall } from '../../src/activities/steps/step-runner.js';
import type { Outcome } from '../../src/contracts/execution.js';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import type { Plan } from '../../src/contracts/plan.js';
import type { ChildEnd, Spawned, SpawnRequest } from '../../src/contracts/run/child.js';
import type { FinishInput, RunInput } from '../../src/contracts/run/run-input.js';
import { NOTHING_SPENT } from '../../src/contracts/run/spent.js';
import type { OwnStepInput } from '../../src/contracts/run/own-step.js';
import type { Records } from '../../src/contracts/run/records.js';
import type { SegmentInput, SegmentOutput } from '../../src/contracts/run/segment.js';
import type { StepPlace } from '../../src/contracts/run/place.js';
import { recordKey } from '../../src/language/plan/steps/record-key.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { type Mail, type Message, topicOf } from '../../src/contracts/message.js';
import type { EventWait } from '../../src/runs/events.js';
import { Mailbox } from '../../src/workflows/engine/mailbox.js';
import { type Part, runPart } from '../../src/workflows/run-part.js';
import type { Bounds } from '../../src/workflows/engine/payload-budget.js';
import type { Engine } from '../../src/workflows/engine/engine.js';
import type { Behaviour } from '../language/oracle.js';
import { said } from '../language/behave.js';
import { BROUGHT, COMES, decisionAt } from '../language/outside.js';
import { MemoryJournal } from './memory-journal.js';

/**
 * Probabilities of faults in percent, and the limit for values by reference.
 */
export interface Chaos {
  seed: number;
  /** A segment exceeds its time budget. */
  budget: number;
  /** The worker dies after a commit, so that only the response is lost. */
  crash: number;
  /** The platform fails and repeats an activity. */
  fault: number;
  /** The workflow continues as new. */
  full: number;
  /** The engine loses the run, which is started again. */
  forget: number;
  /** Sizes in bytes above which values are passed by reference. */
  bounds: Bounds;
}

const copy = <T>(value: T): T =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);

interface Scope {
  cancelled: boolean;
  outer: Scope | undefined;
}

type Ended = Extract<Part, { outcome: unknown }>;

class Crash extends Error {}

/**
 * A mailbox that delivers a message either at once or after the run has begun
 * to wait.
 */
class OutsideMailbox extends Mailbox {
  constructor(
    mail: Mail,
    private readonly comes: (topic: string) => Json | undefined,
  ) {
    super(mail);
  }

  override take(topic: string): Message | undefined {
    const kept = super.take(topic);
    const payload = this.comes(topic);
    if (kept || payload === undefined) return kept;
    const [kind, name] = topic.split(' ') as [Message['kind'], string];
    const message = { id: '', kind, name, payload, actor: 'outside' };
    if (topic.length % 2 === 0) return message;
    void Promise.resolve().then(() => this.receive(kind, [message]));
    return undefined;
  }
}

/**
 * A Temporal engine in memory: the workflow and the activities are the real
 * ones, the server between them is not.
 */
export class MemoryEngine implements Engine {
  readonly calls: string[] = [];
  readonly journal = new MemoryJournal();
  readonly blobs: Blobs;
  /** Number of calls that were in progress when their worker died. */
  cut = 0;
  parts = 0;
  /** The records that a re-run starts with. */
  seed: Records | undefined;
  private readonly scopes = new AsyncLocalStorage<Scope | undefined>();
  private clock = 1_800_000_000_000;
  private running = 0;
  private forgotten = false;
  private state: number;
  private mailbox: Mailbox | undefined;
  private readonly children = new Map<string, ChildEnd>();
  /** Ended children whose parents have not been notified yet. */
  private unreported: string[] = [];
  private readonly values = new Map<string, { value: string; bytes: number }>();
  /** Messages by topic, delivered when a step waits for them. */
  private readonly coming = new Map<string, Json>([
    [topicOf({ kind: 'signal', name: COMES }), BROUGHT],
  ]);
  private readonly activities;

  constructor(
    private readonly plan: Plan,
    private readonly behave: Behaviour,
    private readonly chaos: Chaos,
  ) {
    this.state = chaos.seed;
    this.blobs = new Blobs({ query: (sql: string, p: unknown[]) => this.query(sql, p) } as never);
    this.activities = createActivities({
      blobs: this.blobs,
      journal: this.journal,
      recorder: { alert: async () => '' },
      events: { listen: async (wait: EventWait) => this.listen(wait) },
      approvals: {
        ask: async (_: string, place: StepPlace) => this.ask(place),
        expire: async (_: string, { path, iteration }: StepPlace) => decisionAt(path, iteration),
      },
    } as never);
  }

  /** Runs the plan to its end, through all its histories. */
  async run(inputs: JsonObject): Promise<Outcome> {
    let input = await this.first(inputs, false);
    for (;;) {
      this.parts++;
      const mail = input.carried?.mail ?? { seen: [], kept: [], pauses: 0 };
      this.mailbox = new OutsideMailbox(mail, (topic) => this.coming.get(topic));
      const part = await runPart(copy(input), this, this.mailbox, this.chaos.bounds);
      if (!this.forgotten && 'outcome' in part) return this.finish(part);
      input = 'next' in part ? copy(part.next) : await this.first(inputs, true);
      this.forgotten = false;
    }
  }

  private listen({ event, ...place }: EventWait): void {
    const topic = topicOf({ kind: 'event', name: recordKey(place) });
    if (event === COMES) this.coming.set(topic, BROUGHT);
  }

  private ask({ path, iteration }: StepPlace): void {
    const decision = decisionAt(path, iteration);
    const topic = topicOf({ kind: 'decision', name: recordKey({ path, iteration }) });
    if (decision.status !== 'expired') this.coming.set(topic, decision);
  }

  private async finish({ outcome, effects }: Ended): Promise<Outcome> {
    await effects.finish(outcome);
    return outcome;
  }

  now = (): number => this.clock;
  random = (): number => 0.5;
  async shielded<T>(work: () => Promise<T>): Promise<T> {
    return this.scopes.run(undefined, work);
  }

  alone = async (): Promise<void> => {};
  has = (): boolean => true;
  shouldContinueAsNew = (): boolean => this.happens(this.chaos.full);

  async sleep(ms: number): Promise<void> {
    return this.inScope(async () => {
      this.clock += Math.min(ms, 100);
      await null;
      for (const id of this.unreported.splice(0)) this.tell(id);
    });
  }

  scope(work: () => Promise<void>) {
    const state = { cancelled: false, outer: this.scopes.getStore() };
    return {
      done: this.scopes.run(state, work),
      cancel: () => void (state.cancelled = true),
    };
  }

  segment = (name: string, input: SegmentInput): Promise<SegmentOutput> =>
    this.inScope(() => this.localWork<SegmentOutput>(name, [input]));

  remoteSegment = this.segment;

  local: Engine['local'] = (name, ...args) =>
    this.inScope(() => this.localWork(name, args)) as never;

  /**
   * Rejects in a cancelled scope. Work that had started finishes, and its
   * result is discarded.
   */
  private async inScope<T>(work: () => Promise<T>): Promise<T> {
    const check = () => {
      for (let at = this.scopes.getStore(); at; at = at.outer) {
        if (at.cancelled) throw new CancelledFailure('cancelled');
      }
    };
    check();
    const result = await work();
    check();
    return result;
  }

  private async localWork<T>(name: string, args: unknown[]): Promise<T> {
    this.forgotten ||= this.running === 0 && this.happens(this.chaos.forget);
    if (this.forgotten) throw new Error('forgotten');
    this.running++;
    try {
      return copy((await this.surviving(this.chaos.fault, () => this.work(name, copy(args)))) as T);
    } finally {
      this.running--;
    }
  }

  own(_step: unknown, input: OwnStepInput) {
    return this.inScope(() => this.ownWork(input));
  }

  private async ownWork(input: OwnStepInput) {
    if (this.forgotten) throw new Error('forgotten');
    let again = input.recovered;
    const work = () => {
      const services = { ...this.services(), again };
      again = true;
      return runOwnStep(services as never, copy(input));
    };
    return copy(await this.surviving(0, work));
  }

  private async first(inputs: JsonObject, recovered: boolean): Promise<RunInput> {
    return {
      run: {
        id: 'run',
        directive: this.plan.name,
        trigger: 'manual',
        actor: 'tester',
        attempt: 1,
        started_at: '2026-01-01T00:00:00.000Z',
      },
      plan: this.plan,
      plan_hash: 'hash',
      inputs: await this.blobs.keep(inputs, this.chaos.bounds.inline),
      deadline_ms: this.clock + 1_000_000_000,
      recovered: recovered || this.seed !== undefined,
      ...(this.seed && { seed: this.seed }),
      cancelled: false,
      pauses: 0,
      searchable: false,
    };
  }

  /**
   * Repeats work whose worker died, which a workflow does not notice; throws a
   * platform fault, which it does.
   */
  private async surviving<T>(fault: number, work: () => Promise<T>): Promise<T> {
    for (let times = 0; ; times++) {
      if (times > 1_000) throw new Error('the work is repeated without end');
      try {
        const result = await work();
        if (this.happens(fault)) throw ApplicationFailure.retryable('fault');
        if (!this.happens(this.chaos.crash)) return result;
      } catch (thrown) {
        if (!(thrown instanceof Crash)) throw thrown;
      }
    }
  }

  private async work(name: string, args: unknown[]): Promise<unknown> {
    if (name === 'run.stop_child') return undefined;
    if (name === 'run.spawn') return this.spawn(args[0] as SpawnRequest);
    if (name === 'run.child_end') return this.childEnd(args[0] as string, args[1] as number);
    if (name === 'run.finish') {
      return this.journal.notes('run', (args[0] as FinishInput).notes);
    }
    if (name.startsWith('steps ')) {
      return runSegment(this.services() as never, args[0] as SegmentInput);
    }
    const activity = this.activities[name as 'values.keep'] as (...all: unknown[]) => Promise<Json>;
    return activity(...args);
  }

  /** Runs a child at once; its parent is notified later. */
  private async spawn(request: SpawnRequest): Promise<Spawned> {
    const { path, iteration, attempt, directive, bounds } = request;
    const id = `${recordKey(request)}~${attempt}`;
    const ended = this.children.has(id);
    if (!ended) {
      this.calls.push(id);
      const inputs = await this.blobs.resolve(request.inputs);
      const call = { script: directive, path, iteration, attempt, inputs };
      this.children.set(id, this.endOf(call));
      this.unreported.push(id);
    }
    const limits = { ...bounds.limits, spawns: Math.min(bounds.limits.spawns, 1) };
    return { id, limits, ended };
  }

  private endOf(call: Parameters<Behaviour>[0]): ChildEnd {
    const spent = { ...NOTHING_SPENT };
    try {
      return { status: 'success', result: copy(this.behave(copy(call))), spent };
    } catch (thrown) {
      if (!(thrown instanceof MissionError)) throw thrown;
      return { status: 'error', error: toStepError(thrown), spent };
    }
  }

  private async childEnd(id: string, limit: number): Promise<ChildEnd> {
    const { result, ...end } = copy(this.children.get(id)!);
    return result === undefined ? end : { ...end, result: await this.blobs.keep(result, limit) };
  }

  private tell(id: string): void {
    const message = { id: `end ${id}`, kind: 'child', name: id, payload: null, actor: 'child' };
    this.mailbox?.receive('child', [message]);
  }

  /**
   * The services of one activity attempt. After its worker has died, every call
   * of them fails.
   */
  private services() {
    const alive = { dead: false, calls: [] as StepCall[] };
    const signal = new AbortController().signal;
    const die = () => {
      if (!alive.dead) this.cut += alive.calls.filter((call) => !this.isJournaled(call)).length;
      alive.dead = true;
      throw new Crash();
    };
    return {
      blobs: this.blobs,
      plans: { get: async () => this.plan },
      journal: this.journal.guarded(() => {
        if (alive.dead || this.happens(this.chaos.crash)) die();
      }),
      runner: {
        run: async (call: StepCall) => {
          await null;
          if (alive.dead) die();
          alive.calls.push(call);
          this.calls.push(`${recordKey(call)}~${call.attempt}`);
          if (call.iteration.length % 2 === 0) await null;
          return this.answer(call);
        },
      },
      log: { add() {}, flush: async () => {} },
      signal,
      cancelled: signal,
      now: () => (this.clock += this.happens(this.chaos.budget) ? 4_000 : 1),
    };
  }

  private isJournaled(call: StepCall): boolean {
    const row = this.journal.rows.get(recordKey(call));
    return row !== undefined && row.status !== 'running' && row.attempt >= call.attempt;
  }

  private answer({ step, path, iteration, attempt, inputs, turn }: StepCall): Json {
    if (turn) return copy(said(turn.llm.tools, { path, iteration, attempt })) as unknown as Json;
    const script = 'script' in step ? step.script : '';
    return copy(this.behave({ script, path, iteration, attempt, inputs: copy(inputs) }));
  }

  private happens(percent: number): boolean {
    if (percent === 0) return false;
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 4294967296) * 100 < percent;
  }

  private async query(sql: string, parameters: unknown[]): Promise<unknown> {
    const [hash, bytes, value] = parameters as [string, number, string];
    if (sql.startsWith('INSERT')) return void this.values.set(hash, { value, bytes });
    const known = this.values.get(hash);
    return known ? [{ value: JSON.parse(known.value) as Json, bytes: known.bytes }] : [];
  }
}
