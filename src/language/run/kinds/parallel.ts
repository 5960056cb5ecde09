import type { ParallelStep } from '../../../contracts/plan.js';
import type { DoneRecord, ParallelRecord } from '../../../contracts/run/records.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { Block } from '../state/block.js';
import type { Branch } from '../state/step-effects.js';
import type { Interpretation } from '../state/interpretation.js';
import { keysInside } from '../../plan/steps/keys-inside.js';
import { branchPlace, recordKey } from '../../plan/steps/record-key.js';
import { ReturnSignal, StepFailure } from '../state/signals.js';
import type { StepAttempt, StepContext } from '../state/step-attempt.js';
import { hasBeside } from '../../plan/steps/has-beside.js';

/** Runs the branches at the same time, until enough of them have succeeded or that can no longer be. */
export async function runParallel(
  ctx: Interpretation,
  at: StepAttempt<ParallelStep>,
): Promise<DoneRecord> {
  const { place } = at;
  const race = new Race(ctx, at, openParallel(ctx, at));
  await race.run();
  const done = race.outcome();
  for (const key of keysInside(ctx.records, place)) ctx.records.delete(key);
  return done;
}

/** Another attempt has finished branches behind it; those that failed are run again. */
function openParallel(
  ctx: Interpretation,
  { step: { branches }, place, attempt }: StepAttempt<ParallelStep>,
): ParallelRecord {
  const known = ctx.records.get(recordKey(place));
  if (known?.status === 'parallel' && known.attempt === attempt) return known;
  const started_ms = known?.status === 'parallel' ? known.started_ms : ctx.effects.now();
  const record: ParallelRecord = { status: 'parallel', started_ms, attempt };
  ctx.records.set(recordKey(place), record);
  for (const index of branches.keys()) {
    const key = recordKey(branchPlace(place, index));
    if (ctx.records.get(key)?.status === 'failed') ctx.records.delete(key);
  }
  return record;
}

class Race {
  /** The branches that are under way. */
  private readonly running = new Set<Branch>();
  private readonly cut: number[] = [];
  private readonly step: ParallelStep;
  private readonly place: StepPlace;
  private readonly block: Block;
  private readonly lanes: number;

  constructor(
    private readonly ctx: Interpretation,
    { step, place, block }: StepContext<ParallelStep>,
    private readonly record: ParallelRecord,
  ) {
    this.step = step;
    this.place = place;
    this.block = block;
    const most = Math.max(1, Math.floor(ctx.limits.concurrency / block.parallelism));
    this.lanes = Math.min(step.branches.length, most);
  }

  async run(): Promise<void> {
    const waiting = [...this.step.branches.keys()].filter((index) => !this.ended(index));
    const lane = async () => {
      while (waiting.length > 0 && !this.isDecided()) await this.branch(waiting.shift()!);
    };
    const lanes = await Promise.allSettled(Array.from({ length: this.lanes }, lane));
    const stopped = lanes.find((each) => each.status === 'rejected');
    if (stopped) throw stopped.reason;
    if (!this.hasEnough()) throw new StepFailure(this.record.error!);
    for (const index of this.cut) await this.ctx.effects.drop(branchPlace(this.place, index));
  }

  /** What the branches left, in their order; null of one that failed or was not waited for. */
  outcome(): DoneRecord {
    const branches = this.step.branches.map((_, index) => {
      const record = this.ended(index);
      return record?.status === 'done' ? record : undefined;
    });
    const named = Object.assign({}, ...branches.map((branch) => branch?.named));
    return {
      status: 'done',
      result: { branches: branches.map((branch) => branch?.result ?? null) },
      ...(Object.keys(named).length > 0 ? { named } : {}),
      ...(branches.some((branch) => branch?.looped) ? { looped: true as const } : {}),
    };
  }

  /** One branch, which can be cancelled by itself. What ends the run ends the others, too. */
  private async branch(index: number): Promise<void> {
    const branch = this.ctx.effects.branch(() => this.steps(index));
    this.running.add(branch);
    try {
      if (!(await branch.ended)) this.record.cut = this.cut.push(index) > 0;
    } catch (thrown) {
      if (thrown instanceof ReturnSignal || thrown instanceof StepFailure) this.cancel();
      throw thrown;
    } finally {
      this.running.delete(branch);
    }
    if (this.isDecided()) this.cancel();
  }

  /** Its outcome counts unless others have decided meanwhile. */
  private async steps(index: number): Promise<void> {
    const { ctx, step, record } = this;
    const place = branchPlace(this.place, index);
    const parallel = this.block.parallelism * this.lanes;
    const block = new Block(this.block, {}, parallel, this.block.concurrent || hasBeside(step));
    try {
      await ctx.runBlock(ctx, step.branches[index]!, block, place.iteration);
      if (this.isDecided()) return;
      ctx.records.set(recordKey(place), block.outcome(ctx.reads));
      for (const key of keysInside(ctx.records, place)) ctx.records.delete(key);
    } catch (thrown) {
      if (!(thrown instanceof StepFailure) || thrown.fatal) throw thrown;
      if (this.isDecided()) return;
      const { error } = thrown;
      ctx.records.set(recordKey(place), { status: 'failed', error, attempt: 1 });
      record.error ??= error;
    }
  }

  private cancel(): void {
    for (const branch of this.running) branch.cancel();
  }

  private isDecided(): boolean {
    const { branches, wait_for } = this.step;
    return this.hasEnough() || this.count('failed') > branches.length - wait_for;
  }

  private hasEnough(): boolean {
    return this.count('done') >= this.step.wait_for;
  }

  private count(status: 'done' | 'failed'): number {
    return this.step.branches.filter((_, index) => this.ended(index)?.status === status).length;
  }

  private ended(index: number) {
    const record = this.ctx.records.get(recordKey(branchPlace(this.place, index)));
    return record?.status === 'done' || record?.status === 'failed' ? record : undefined;
  }
}
