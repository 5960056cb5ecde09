import type { Json } from '../contracts/json.js';
import { topicOf } from '../contracts/message.js';
import type { DirectiveStep, Limits } from '../contracts/plan.js';
import {
  type ChildEnd,
  type ChildRecord,
  NOTHING_SPENT,
  type RunBounds,
  type RunInput,
  type SpawnRequest,
  type Spawned,
  type Spent,
  type StepPlace,
} from '../contracts/run.js';
import { ContinueSignal } from './continue-signal.js';
import type { LimitShares } from './limit-shares.js';

/** A child that was told to end is waited for so long: its compensation has a tenth of its time, or 300 s. */
const endingMs = ({ duration_seconds }: Limits): number =>
  Math.max(300, duration_seconds / 10) * 1000 + 60_000;

/** What children need of the run around them. */
export interface ParentRun {
  input: RunInput;
  limits: Limits;
  now(): number;
  shares(): LimitShares;
  deadlineMs(): number;
  local<T>(name: string, ...args: unknown[]): Promise<T>;
  receive(topic: string, untilMs: number, step: string): Promise<Json | undefined>;
  /** The same where nothing else ends the wait. */
  insistOn(topic: string, untilMs: number, step: string): Promise<void>;
  shielded<T>(work: () => Promise<T>): Promise<T>;
}

/** A run's child runs: each has a share of what its parent has left, and tells its parent when it ends. */
export class Children {
  constructor(private readonly parent: ParentRun) {}

  /** Asks for one. What it does not need of its share is given back at once. */
  async spawn(
    step: DirectiveStep,
    place: StepPlace,
    inputs: Json,
    { lanes, attempt, inline_bytes }: { lanes: number; attempt: number; inline_bytes: number },
  ): Promise<ChildRecord> {
    const shares = this.parent.shares();
    const share = shares.reserve(lanes);
    const started_ms = this.parent.now();
    const bounds = this.boundsOf(share, lanes);
    const request: SpawnRequest = {
      run: this.parent.input.run,
      plan_hash: this.parent.input.plan_hash,
      ...place,
      directive: step.directive,
      ...(step.range === undefined ? {} : { range: step.range }),
      inputs,
      attempt,
      bounds,
    };
    try {
      const { id, limits, ended } = await this.parent.local<Spawned>('run.spawn', request);
      const needed = neededOf(limits, share);
      shares.trim(share, needed);
      const over = ended ? { ended: true as const } : {};
      return { status: 'child', started_ms, attempt, id, share: needed, inline_bytes, ...over };
    } catch (thrown) {
      shares.giveBack(share, NOTHING_SPENT);
      throw thrown;
    }
  }

  /** A child of which nobody knows what it spent has spent its share. */
  async end(child: ChildRecord, step: DirectiveStep): Promise<ChildEnd | undefined> {
    const { id, inline_bytes } = child;
    const share = { ...NOTHING_SPENT, ...child.share };
    const heard = child.ended === true || (await this.heard(child, step));
    const end = await this.parent.local<ChildEnd>('run.child_end', id, inline_bytes);
    const used = end.spent ? { ...NOTHING_SPENT, ...end.spent } : share;
    this.parent.shares().giveBack(share, used);
    return heard ? end : undefined;
  }

  /** False when the step's time was over first; the child has been told to end then, and has. */
  private async heard(child: ChildRecord, step: DirectiveStep): Promise<boolean> {
    const until = child.started_ms + (step.timeout_seconds ?? Infinity) * 1000;
    try {
      if ((await this.parent.receive(topicOfChild(child), until, step.name)) !== undefined)
        return true;
    } catch (thrown) {
      // In a new history the wait goes on.
      if (!(thrown instanceof ContinueSignal))
        await this.parent.shielded(() => this.stop(child, step));
      throw thrown;
    }
    await this.stop(child, step);
    return false;
  }

  private async stop(child: ChildRecord, step: DirectiveStep): Promise<void> {
    await this.parent.local('run.stop_child', child.id, `its parent's step ${step.name} ended`);
    const until = this.parent.now() + endingMs(this.parent.limits);
    await this.parent.insistOn(topicOfChild(child), until, step.name);
  }

  private boundsOf(share: Spent, lanes: number): RunBounds {
    const { input, limits } = this.parent;
    const depth = limits.depth - 1;
    const concurrency = Math.max(1, Math.floor(limits.concurrency / lanes));
    const permissions = input.bounds ? input.bounds.permissions : input.plan.permissions;
    const deadline_ms = this.parent.deadlineMs();
    const shared = sharedOf(limits, share);
    return { limits: { ...limits, ...shared, depth, concurrency }, permissions, deadline_ms };
  }
}

/** Nothing is shared of a limit that the parent does not have. */
function sharedOf(limits: Limits, { tokens, cost_usd, ...share }: Spent): Partial<Limits> {
  return {
    ...share,
    ...(limits.tokens !== undefined && { tokens }),
    ...(limits.cost_usd !== undefined && { cost_usd }),
  };
}

/** What a child's own limits leave of its share. One of its own that its parent does not have is no part of it. */
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
