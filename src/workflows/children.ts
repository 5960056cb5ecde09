import type { Json } from '../contracts/json/json.js';
import { topicOf } from '../contracts/message.js';
import type { DirectiveStep, Limits } from '../contracts/plan.js';
import type { ChildEnd, SpawnRequest } from '../contracts/run/child.js';
import type { ChildRecord } from '../contracts/run/records.js';
import { NOTHING_SPENT, type RunBounds, type Spent } from '../contracts/run/spent.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { ActivityCalls } from './engine/activity-calls.js';
import { ContinueSignal } from './engine/continue-signal.js';
import type { Engine } from './engine/engine.js';
import type { RunClock } from './engine/run-clock.js';
import type { RunState } from './run-state.js';
import type { Timers } from './engine/timers.js';

/**
 * Milliseconds to wait for a child that was told to end: its compensation may take a tenth of its duration, at least
 * 300 s.
 */
const endingMs = ({ duration_seconds }: Limits): number =>
  Math.max(300, duration_seconds / 10) * 1000 + 60_000;

/** The parts of a run that its child runs use. */
export interface ParentRun {
  state: RunState;
  clock: RunClock;
  timers: Timers;
  calls: ActivityCalls;
  engine: Pick<Engine, 'shielded'>;
}

/**
 * The child runs of a run. Each child gets a share of the parent's remaining limits and signals the parent when it
 * ends.
 */
export class Children {
  constructor(private readonly parent: ParentRun) {}

  /** Starts a child run. The part of its share that the child's own limits exclude is returned at once. */
  async spawn(
    step: DirectiveStep,
    place: StepPlace,
    inputs: Json,
    { lanes, attempt, inline_bytes }: { lanes: number; attempt: number; inline_bytes: number },
  ): Promise<ChildRecord> {
    const shares = this.parent.state.shares;
    const share = shares.reserve(lanes);
    const started_ms = this.parent.clock.now();
    const bounds = this.boundsOf(share, lanes);
    const request: SpawnRequest = {
      run: this.parent.state.input.run,
      plan_hash: this.parent.state.input.plan_hash,
      ...place,
      directive: step.directive,
      ...(step.range === undefined ? {} : { range: step.range }),
      inputs,
      attempt,
      bounds,
    };
    try {
      const { id, limits, ended } = await this.parent.calls.local('run.spawn', request);
      const needed = neededOf(limits, share);
      shares.trim(share, needed);
      const over = ended ? { ended: true as const } : {};
      return { status: 'child', started_ms, attempt, id, share: needed, inline_bytes, ...over };
    } catch (thrown) {
      shares.giveBack(share, NOTHING_SPENT);
      throw thrown;
    }
  }

  /**
   * Waits for the end of a child; undefined on timeout. A child with unknown usage counts as having used its whole
   * share.
   */
  async end(child: ChildRecord, step: DirectiveStep): Promise<ChildEnd | undefined> {
    const { id, inline_bytes } = child;
    const share = { ...NOTHING_SPENT, ...child.share };
    const endedByItself = child.ended === true || (await this.endedByItself(child, step));
    const end = await this.parent.calls.local('run.child_end', id, inline_bytes);
    const used = end.spent ? { ...NOTHING_SPENT, ...end.spent } : share;
    this.parent.state.shares.giveBack(share, used);
    return endedByItself ? end : undefined;
  }

  /**
   * True when the child ended by itself; false when the step timed out first, after which the child was told to end.
   */
  private async endedByItself(child: ChildRecord, step: DirectiveStep): Promise<boolean> {
    const until = child.started_ms + (step.timeout_seconds ?? Infinity) * 1000;
    try {
      if ((await this.parent.timers.receive(topicOfChild(child), until, step.name)) !== undefined)
        return true;
    } catch (thrown) {
      // After continue-as-new the next history resumes the wait, so the child must not be stopped.
      if (!(thrown instanceof ContinueSignal))
        await this.parent.engine.shielded(() => this.stop(child, step));
      throw thrown;
    }
    await this.stop(child, step);
    return false;
  }

  private async stop(child: ChildRecord, step: DirectiveStep): Promise<void> {
    await this.parent.calls.local(
      'run.stop_child',
      child.id,
      `its parent's step ${step.name} ended`,
    );
    const until = this.parent.clock.now() + endingMs(this.parent.state.limits);
    await this.parent.timers.receiveAnyway(topicOfChild(child), until, step.name);
  }

  private boundsOf(share: Spent, lanes: number): RunBounds {
    const { input, limits } = this.parent.state;
    const depth = limits.depth - 1;
    const concurrency = Math.max(1, Math.floor(limits.concurrency / lanes));
    const permissions = input.bounds ? input.bounds.permissions : input.plan.permissions;
    const deadline_ms = this.parent.clock.deadlineMs;
    const shared = sharedOf(limits, share);
    return { limits: { ...limits, ...shared, depth, concurrency }, permissions, deadline_ms };
  }
}

/** The child's limits from its share. A limit that the parent lacks is not passed on. */
function sharedOf(limits: Limits, { tokens, cost_usd, ...share }: Spent): Partial<Limits> {
  return {
    ...share,
    ...(limits.tokens !== undefined && { tokens }),
    ...(limits.cost_usd !== undefined && { cost_usd }),
  };
}

/**
 * The part of a share that the child can use within its own limits. A child's limit that its parent lacks takes no
 * share.
 */
const neededOf = (
  { steps, iterations, spawns, tokens = 0, cost_usd = 0 }: Limits,
  share: Spent,
) => ({
  steps,
  iterations,
  spawns,
  tokens: Math.min(tokens, share.tokens),
  cost_usd: Math.min(cost_usd, share.cost_usd),
});

const topicOfChild = ({ id }: ChildRecord): string => topicOf({ kind: 'child', name: id });
