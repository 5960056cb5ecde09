import { MissionError } from '../../contracts/errors.js';
import type { StepError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';
import type { PlanStep } from '../../contracts/plan.js';
import type {
  DoneRecord,
  FailedRecord,
  RetryRecord,
  StepRecord,
} from '../../contracts/run/records.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { Block } from './state/block.js';
import { afterStep, beforeStep, forgetHooks, onError } from './hooks.js';
import { type Interpretation, spend } from './state/interpretation.js';
import { isFusable } from '../plan/steps/is-fusable.js';
import { isTrue } from './state/is-true.js';
import { keysInside } from '../plan/steps/keys-inside.js';
import { isCall, isComposite, specOf } from '../plan/kinds.js';
import { recordKey, triesKey } from '../plan/steps/record-key.js';
import { hookDelay, retryDelay } from '../plan/retry.js';
import { ReturnSignal, StepFailure } from './state/signals.js';
import type { StepAttempt, StepContext } from './state/step-attempt.js';
import { execute } from './step-actions.js';
import { compensationScope } from './compensation.js';

/** Runs the steps of one list in the scope of `block`. */
export async function runBlock(
  ctx: Interpretation,
  steps: readonly PlanStep[],
  block: Block,
  iteration: string,
): Promise<void> {
  for (const step of steps) {
    await runStep(ctx, { step, block, place: { path: step.path, iteration } });
  }
}

/** Brings one step to its end: by its record, by a segment, or by doing it, with retries and handlers. */
async function runStep(ctx: Interpretation, at: StepContext) {
  const { step, place, block } = at;
  for (;;) {
    const record = ctx.records.get(recordKey(place));
    if (record?.status === 'done' && !record.hooked) return block.finish(step, record);
    if (record?.status === 'done') {
      await afterHooks(ctx, at, record);
      continue;
    }
    if (record?.status === 'returned') throw new ReturnSignal(record.result);
    const tries = ctx.records.get(triesKey(step, place));
    if (tries?.status === 'failed') await handleFailure(ctx, at, tries);
    else if (!(await delegate(ctx, at))) await perform(ctx, at);
  }
}

/** True when a segment has taken the step further, so that its record is worth another look. */
async function delegate(ctx: Interpretation, { step, place, block }: StepContext) {
  if (!ctx.effects.segment || !isFusable(step) || ctx.spent.steps >= ctx.limits.steps) return false;
  await ctx.effects.checkpoint();
  const stop = await ctx.effects.segment(place, block);
  const record = ctx.records.get(recordKey(place))?.status;
  const tries = ctx.records.get(triesKey(step, place))?.status;
  return record === 'done' || record === 'returned' || tries === 'failed' || stop === 'budget';
}

/** Does the step here. Afterwards it has a record: finished, failed, or a loop that goes on. */
async function perform(ctx: Interpretation, at: StepContext) {
  const { step, place } = at;
  const record = ctx.records.get(recordKey(place));
  const tries = ctx.records.get(triesKey(step, place));
  const counted = attemptOf(tries);
  const attempt = ctx.effects.attemptOf?.(step, place) ?? counted;
  let begun = isUnderWay(record) || isBegun(tries);
  const known = record && record !== tries ? undefined : ctx.effects.recall(step, place, attempt);
  if (known) {
    if (!begun && !isSkipped(known)) await spend(ctx, 'steps');
    const key = known.status === 'failed' ? triesKey(step, place) : recordKey(place);
    return void ctx.records.set(key, withQuestion(step, known, attempt));
  }
  if (step.own) ctx.effects.handOver();
  await ctx.effects.checkpoint();
  const started_ms = startOf(record) ?? ctx.effects.now();
  const note = noteOf(ctx, step, { ...place, attempt, started_ms });
  try {
    if (!begun && !(await shouldRun(ctx, { ...at, attempt: counted }))) {
      note({ status: 'skipped' });
      return void finish(ctx, step, place, { status: 'done', result: null, skipped: true });
    }
    if (!begun) await spend(ctx, 'steps');
    begun = true;
    const done = await execute(ctx, { ...at, attempt });
    if (!done) return;
    if (!isCall(step)) await noteSuccess(ctx, at, note, done);
    if (step.kind !== 'return')
      return void finish(ctx, step, place, withQuestion(step, done, attempt));
    ctx.records.set(recordKey(place), { status: 'returned', result: done.result });
  } catch (thrown) {
    const error = noteFailure(failureOf(thrown, step), step, begun, note);
    const unbegun = begun ? {} : { unbegun: true };
    ctx.records.set(triesKey(step, place), { status: 'failed', error, attempt, ...unbegun });
  }
}

async function noteSuccess(
  ctx: Interpretation,
  at: StepContext,
  note: Note,
  { result, skipped, looped, named }: DoneRecord,
): Promise<void> {
  // The compensation sees the scope at the step's completion, with the results of the steps inside.
  const block = new Block(at.block);
  if (named) block.adopt(named);
  // Where nothing ran, nothing is to be undone.
  const undo = skipped ? undefined : await compensationScope(ctx.effects, { ...at, block }, looped);
  note({ status: 'success', result, ...(undo === undefined ? {} : { undo }) });
}

const isBegun = (tries: StepRecord | undefined): boolean =>
  tries?.status === 'retry' && !tries.unbegun;

const isSkipped = (record: StepRecord): boolean => record.status === 'done' && !!record.skipped;

/** A step that waits is in an attempt, too. */
function attemptOf(tries: StepRecord | undefined): number {
  const told = tries?.status === 'retry' || tries?.status === 'wait' || tries?.status === 'child';
  return (told && tries.attempt) || 1;
}

async function shouldRun(ctx: Interpretation, at: StepAttempt): Promise<boolean> {
  const { step, place, block } = at;
  const due =
    step.if === undefined || isTrue(await ctx.effects.render(step.if, block, place), 'if');
  return due && (!step.hooks || beforeStep(ctx, at));
}

/** Hooks have a word on what has finished: it may fail after all. */
async function afterHooks(
  ctx: Interpretation,
  at: StepContext,
  { hooked: attempt = 1, ...done }: DoneRecord,
): Promise<void> {
  const { step, place } = at;
  try {
    await afterStep(ctx, { ...at, attempt }, done);
    finish(ctx, step, place, done);
  } catch (thrown) {
    const failure = failureOf(thrown, step);
    if (failure.fatal) throw failure;
    const error = { ...failure.error, retryable: false };
    ctx.records.delete(recordKey(place));
    ctx.records.set(triesKey(step, place), { status: 'failed', error, attempt, late: true });
  }
}

const withQuestion = <T extends StepRecord>(step: PlanStep, record: T, attempt: number): T =>
  record.status === 'done' && !record.skipped && step.hooks?.after_step
    ? { ...record, hooked: attempt }
    : record;

function finish(ctx: Interpretation, step: PlanStep, place: StepPlace, done: DoneRecord): void {
  ctx.records.delete(triesKey(step, place));
  ctx.records.set(recordKey(place), done);
  if (step.hooks && !done.hooked) forgetHooks(ctx, place);
}

/** Failures of the step pass as such; signals and what is not ours go on as they are. */
function failureOf(thrown: unknown, step: PlanStep): StepFailure {
  const failure = thrown instanceof MissionError ? StepFailure.of(thrown, step.name) : thrown;
  if (failure instanceof StepFailure) return failure;
  throw thrown;
}

/** What never began is not tried again, and was no attempt. Attempts of calls have written their own rows. */
function noteFailure(failure: StepFailure, step: PlanStep, begun: boolean, note: Note): StepError {
  const error = begun ? failure.error : { ...failure.error, retryable: false };
  if (!begun || !isCall(step) || failure.fatal) {
    note({ status: 'error', error, ...(begun ? {} : { attempt: 0 }) });
  }
  if (failure.fatal) throw failure;
  return error;
}

/** What follows a failure, in this order: another attempt, the step's handler, the failure of what is around it. */
async function handleFailure(
  ctx: Interpretation,
  at: StepContext,
  failed: FailedRecord,
): Promise<void> {
  const { step, place, block } = at;
  const { error, attempt, late } = failed;
  const { retriesOnlyIfSaid } = specOf(step);
  const delay = retriesOnlyIfSaid && !step.retry ? undefined : retryDelay(step, error, attempt);
  if (delay) {
    await ctx.effects.backoff(delay);
    return again(ctx, step, place, failed);
  }
  const answer = step.hooks && (await onError(ctx, { ...at, attempt, late }, error));
  if (answer === 'retry') {
    await ctx.effects.backoff(hookDelay(attempt));
    return again(ctx, step, place, failed);
  }
  if (!step.on_error && !answer) throw new StepFailure(error);
  const done: DoneRecord = { status: 'done', result: null };
  if (Array.isArray(step.on_error) && !answer) {
    ctx.effects.handOver();
    const { retryable: _, ...told } = error;
    const handler = new Block(block, { error: { ...told, attempt } });
    await runBlock(ctx, step.on_error, handler, place.iteration);
    Object.assign(done, handler.outcome(ctx.reads));
  }
  const inside = keysInside(ctx.records, place);
  const cut = [recordKey(place), ...inside].some((key) => isCut(ctx.records.get(key)));
  if (cut) await ctx.effects.drop(place);
  for (const key of inside) ctx.records.delete(key);
  finish(ctx, step, place, done);
}

const isCut = (record: StepRecord | undefined): boolean =>
  record?.status === 'parallel' && !!record.cut;

/** The next attempt: of the step, and of what failed inside it. What has finished there stays finished. */
function again(ctx: Interpretation, step: PlanStep, place: StepPlace, failed: FailedRecord): void {
  ctx.records.set(triesKey(step, place), retryOf(failed));
  for (const key of isComposite(step) ? keysInside(ctx.records, place) : []) {
    const record = ctx.records.get(key);
    const isStep = !key.includes('[]#');
    if (record?.status === 'failed' && isStep) ctx.records.set(key, retryOf(record));
  }
}

const retryOf = ({ attempt, unbegun }: FailedRecord): RetryRecord => ({
  status: 'retry',
  attempt: attempt + 1,
  ...(unbegun ? { unbegun } : {}),
});

type Note = (outcome: {
  status: 'success' | 'error' | 'skipped';
  result?: Json;
  error?: StepError;
  undo?: Json;
  attempt?: number;
}) => void;

/** Which records tell of a step that has begun and not ended. */
const UNDER_WAY = {
  loop: true,
  while: true,
  llm: true,
  parallel: true,
  branch: true,
  wait: true,
  child: true,
  done: false,
  returned: false,
  retry: false,
  failed: false,
} as const satisfies Record<StepRecord['status'], boolean>;

type UnderWay = Extract<StepRecord, { status: KeysThatAre<typeof UNDER_WAY, true> }>;
type KeysThatAre<T, V> = { [K in keyof T]: T[K] extends V ? K : never }[keyof T];

const isUnderWay = (record: StepRecord | undefined): record is UnderWay =>
  record !== undefined && UNDER_WAY[record.status];

const startOf = (record: StepRecord | undefined): number | undefined =>
  isUnderWay(record) ? record.started_ms : undefined;

function noteOf(
  ctx: Interpretation,
  { name, kind }: PlanStep,
  about: StepPlace & { attempt: number; started_ms: number },
): Note {
  return (outcome) =>
    ctx.effects.note({ ...about, name, kind, completed_ms: ctx.effects.now(), ...outcome });
}
