import { MissionError, type StepError } from '../contracts/errors.js';
import type { Json } from '../contracts/json.js';
import type { PlanStep } from '../contracts/plan.js';
import type { DoneRecord, StepPlace, StepRecord } from '../contracts/run.js';
import { Block } from './block.js';
import { type Interpretation, spend } from './interpretation.js';
import { isComposite, isLight } from './is-light.js';
import { isTrue } from './is-true.js';
import { recordKey } from './record-key.js';
import { retryDelay } from './retry.js';
import { ReturnSignal, StepFailure } from './signals.js';
import { act } from './step-actions.js';

/** Runs the steps of one list, from one of them on, in the scope of `block`. */
export async function runBlock(
  ctx: Interpretation,
  steps: readonly PlanStep[],
  block: Block,
  iteration: string,
  from = 0,
): Promise<void> {
  for (const step of steps.slice(from)) {
    await runStep(ctx, step, block, { path: step.path, iteration });
  }
}

/** Brings one step to its end: by its record, by a segment, or by doing it, with retries and handlers. */
async function runStep(ctx: Interpretation, step: PlanStep, block: Block, place: StepPlace) {
  const key = recordKey(place);
  block.keys.push(key);
  for (;;) {
    const record = ctx.records.get(key);
    if (record?.status === 'done') return block.finish(step, record);
    if (record?.status === 'failed') {
      await settle(ctx, step, block, place, record.error, record.attempt);
    } else if (!(await delegate(ctx, step, block, place))) {
      await perform(ctx, step, block, place, record);
    }
  }
}

/** True when a segment has taken the step further, so that its record is worth another look. */
async function delegate(ctx: Interpretation, step: PlanStep, block: Block, place: StepPlace) {
  if (!ctx.effects.segment || !isLight(step) || ctx.spent.steps >= ctx.limits.steps) return false;
  await ctx.effects.checkpoint();
  const stop = await ctx.effects.segment(place, block);
  const status = ctx.records.get(recordKey(place))?.status;
  return status === 'done' || status === 'failed' || stop === 'budget';
}

/** Does the step here. Afterwards it has a record: finished, failed, or a loop that goes on. */
async function perform(
  ctx: Interpretation,
  step: PlanStep,
  block: Block,
  place: StepPlace,
  record: StepRecord | undefined,
): Promise<void> {
  const attempt = attemptOf(record);
  const known = ctx.effects.recall(step, place, attempt);
  if (known) return void ctx.records.set(recordKey(place), known);
  if (step.own) ctx.effects.handOver();
  await ctx.effects.checkpoint();
  const startedMs = ctx.effects.now();
  try {
    if (!record && !(await wanted(ctx, step, block, place))) {
      return end(ctx, step, place, startedMs, { status: 'done', result: null, skipped: true });
    }
    if (!record) spend(ctx, 'steps');
    const done = await act(ctx, runBlock, step, place, block, attempt);
    if (done) end(ctx, step, place, startedMs, done, attempt);
  } catch (thrown) {
    const { error } = failureOf(ctx, thrown, step, place, startedMs, attempt);
    if (isComposite(step)) {
      const tries = attemptOf(ctx.records.get(`${recordKey(place)}!`));
      await settle(ctx, step, block, place, error, tries);
    } else {
      ctx.records.set(recordKey(place), { status: 'failed', error, attempt });
    }
  }
}

const attemptOf = (record: StepRecord | undefined): number =>
  record?.status === 'retry' ? record.attempt : 1;

async function wanted(ctx: Interpretation, step: PlanStep, block: Block, place: StepPlace) {
  if (step.if === undefined) return true;
  return isTrue(await ctx.effects.render(step.if, block, place), 'if');
}

/** Failures of the step pass as such; signals and what is not ours go on as they are. */
function failureOf(
  ctx: Interpretation,
  thrown: unknown,
  step: PlanStep,
  place: StepPlace,
  startedMs: number,
  attempt: number,
): StepFailure {
  const failure = thrown instanceof MissionError ? StepFailure.of(thrown, step.name) : thrown;
  if (thrown instanceof ReturnSignal && step.kind === 'return') {
    note(ctx, step, place, startedMs, attempt, { status: 'success', result: thrown.value });
  }
  if (!(failure instanceof StepFailure)) throw thrown;
  if (step.kind !== 'script' && step.kind !== 'mcp') {
    note(ctx, step, place, startedMs, attempt, { status: 'error', error: failure.error });
  }
  if (failure.fatal) throw failure;
  return failure;
}

/** What follows a failure, in this order: another attempt, the step's handler, the failure of what is around it. */
async function settle(
  ctx: Interpretation,
  step: PlanStep,
  block: Block,
  place: StepPlace,
  error: StepError,
  attempt: number,
): Promise<void> {
  const delay = isComposite(step) && !step.retry ? undefined : retryDelay(step, error, attempt);
  if (delay) {
    await ctx.effects.backoff(delay);
    return again(ctx, step, place, attempt + 1);
  }
  if (!step.on_error) throw new StepFailure(error);
  const done: DoneRecord = { status: 'done', result: null };
  if (step.on_error !== 'continue') {
    ctx.effects.handOver();
    const handler = new Block(block, { error: { ...error, attempt } });
    await runBlock(ctx, step.on_error, handler, place.iteration);
    Object.assign(done, handler.outcome(ctx.reads));
  }
  ctx.records.set(recordKey(place), done);
}

/** The next attempt: of the step, or of what failed inside it. What has finished there stays finished. */
function again(ctx: Interpretation, step: PlanStep, place: StepPlace, attempt: number): void {
  if (!isComposite(step)) {
    ctx.records.set(recordKey(place), { status: 'retry', attempt });
    return;
  }
  ctx.records.set(`${recordKey(place)}!`, { status: 'retry', attempt });
  for (const [key, record] of ctx.records) {
    if (record.status === 'failed' && key.startsWith(`${step.path}/`)) {
      ctx.records.set(key, { status: 'retry', attempt: record.attempt + 1 });
    }
  }
}

function end(
  ctx: Interpretation,
  step: PlanStep,
  place: StepPlace,
  startedMs: number,
  done: DoneRecord,
  attempt = 1,
): void {
  ctx.records.set(recordKey(place), done);
  if (step.kind === 'script' || step.kind === 'mcp') {
    if (!done.skipped) return;
  }
  const status = done.skipped && !isComposite(step) ? 'skipped' : 'success';
  note(ctx, step, place, startedMs, attempt, { status, result: done.result });
}

function note(
  ctx: Interpretation,
  step: PlanStep,
  place: StepPlace,
  startedMs: number,
  attempt: number,
  outcome: { status: 'success' | 'error' | 'skipped'; result?: Json; error?: StepError },
): void {
  ctx.effects.note({
    ...place,
    name: step.name,
    kind: step.kind,
    attempt,
    started_ms: startedMs,
    completed_ms: ctx.effects.now(),
    ...outcome,
  });
}
