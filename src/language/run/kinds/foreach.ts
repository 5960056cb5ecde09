import { MissionError, type StepError } from '../../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { ForeachStep } from '../../../contracts/plan.js';
import type { DoneRecord, LoopRecord, Pieces } from '../../../contracts/run/records.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { Block } from '../state/block.js';
import { type Interpretation, spend } from '../state/interpretation.js';
import { hasBeside } from '../../plan/steps/has-beside.js';
import { isFusable } from '../../plan/steps/is-fusable.js';
import { keysInside } from '../../plan/steps/keys-inside.js';
import { ListItems } from './list-items.js';
import { readsClock } from '../../plan/reads-clock.js';
import { iterationPlace, recordKey } from '../../plan/steps/record-key.js';
import { StepFailure, StopSignal } from '../state/signals.js';
import type { StepAttempt, StepContext } from '../state/step-attempt.js';

/**
 * Runs the iterations that are left, up to `concurrency` at a time. Answers undefined when more are
 * left: a light loop in the workflow does only the one iteration that its segment could not finish.
 */
export async function runForeach(
  ctx: Interpretation,
  at: StepAttempt<ForeachStep>,
): Promise<DoneRecord | undefined> {
  const { step, place, block } = at;
  const { loop, items } = await openLoop(ctx, at);
  const scout = ctx.effects.segment !== undefined && isFusable(step);
  const looked = ctx.effects.looksAt?.(place);
  const end = Math.min(scout ? loop.next + 1 : (looked ?? Infinity), items.count);
  const size = Math.min(lanes(ctx, step, block), end - loop.next);
  const parallel = block.parallelism * size;
  const beside = block.concurrent || (size > 1 && hasBeside(step));
  const around = { step, place, block, loop, items, parallel, beside };
  const patient = looked !== undefined;
  const range = { from: loop.next, to: end, size, patient };
  await pool(range, (index) => iterate(ctx, around, index));
  if (patient && loop.next < items.count) throw new StopSignal('step');
  if (loop.next < items.count) return undefined;
  if (loop.base > 0) throw new StopSignal('step');
  const named = Object.keys(loop.named).length > 0 ? { named: loop.named } : {};
  return { status: 'done', result: await ctx.effects.compose(loop, items.count), ...named };
}

/** Loops in loops share what the run may do at once. */
const lanes = (ctx: Interpretation, step: ForeachStep, block: Block): number =>
  Math.max(1, Math.min(step.concurrency, Math.floor(ctx.limits.concurrency / block.parallelism)));

/** The list is evaluated anew in each segment; one that could change meanwhile goes into the loop's record. */
async function openLoop(ctx: Interpretation, { step, place, block }: StepContext<ForeachStep>) {
  const key = recordKey(place);
  const known = ctx.records.get(key);
  const begun = known?.status === 'loop' ? known : undefined;
  const list = begun?.list ?? (await ctx.effects.render(step.items, block, place));
  const items = await ListItems.open(ctx.effects, list, begun?.next ?? 0);
  if (step.max_iterations !== undefined && items.count > step.max_iterations) {
    const text = `the list has ${items.count} items, more than max_iterations: ${step.max_iterations}`;
    throw new MissionError('iterations_exceeded', text, null, { retryable: false });
  }
  const loop = begun ?? newLoop(ctx.effects.now());
  if (!begun && readsClock(step.items)) loop.list = await ctx.effects.keep(list);
  ctx.records.set(key, loop);
  return { loop, items };
}

const newLoop = (started_ms: number): LoopRecord => ({
  status: 'loop',
  started_ms,
  next: 0,
  begun: 0,
  base: 0,
  items: [],
  errors: [],
  tallies: {},
  named: {},
});

interface Loop extends StepContext<ForeachStep> {
  loop: LoopRecord;
  items: ListItems;
  /** Steps of their own may be under way beside an iteration. */
  beside: boolean;
  /** Lanes of the run that may be under way at once, those of this loop included. */
  parallel: number;
}

/** One iteration: a block of its own. Its outcome waits as a record until those before it are there. */
async function iterate(ctx: Interpretation, around: Loop, index: number): Promise<void> {
  const { step, loop, items } = around;
  const place = iterationPlace(around.place, index);
  if (ctx.effects.looksAt) await ctx.effects.checkpoint();
  if (!ctx.records.has(recordKey(place))) {
    if (index >= loop.begun) {
      await spend(ctx, 'iterations');
      loop.begun = Math.max(loop.begun, index + 1);
    }
    const locals = { item: await items.at(index), index };
    const block = new Block(around.block, locals, around.parallel, around.beside);
    try {
      await ctx.runBlock(ctx, step.steps, block, place.iteration);
      ctx.records.set(recordKey(place), block.outcome(ctx.reads));
    } catch (thrown) {
      if (!(thrown instanceof StepFailure) || thrown.fatal || step.item_error === 'fail') {
        throw thrown;
      }
      const error = await itemError(ctx, { step, place, block }, thrown.error);
      ctx.records.set(recordKey(place), { status: 'failed', error, attempt: 1 });
    }
    for (const key of keysInside(ctx.records, place)) ctx.records.delete(key);
  }
  absorb(ctx, around.place, loop);
}

/** What is told of a failed item; its `key`, where the loop has one, is the error's data. */
async function itemError(
  ctx: Interpretation,
  { step, place, block }: StepContext<ForeachStep>,
  { code, message }: StepError,
): Promise<StepError> {
  const key = step.key === undefined ? null : await ctx.effects.render(step.key, block, place);
  return { code, message, data: { key } };
}

/** Moves finished iterations from their records into the loop, in order. */
function absorb(ctx: Interpretation, place: StepPlace, loop: LoopRecord): void {
  for (;;) {
    const key = recordKey(iterationPlace(place, loop.next));
    const record = ctx.records.get(key);
    if (record?.status !== 'done' && record?.status !== 'failed') return;
    ctx.records.delete(key);
    if (record.status === 'done') succeed(loop, record);
    else fail(loop, record.error);
    loop.next++;
  }
}

function succeed(loop: LoopRecord, record: DoneRecord): void {
  push(loop.items, record.result);
  Object.assign(loop.named, record.named);
  if (record.word === undefined) return;
  const count = `${record.word}_count`;
  loop.tallies[count] = (loop.tallies[count] ?? 0) + 1;
}

function fail(loop: LoopRecord, { code, message, data }: StepError): void {
  push(loop.items, null);
  const key = isObject(data) ? (data.key ?? null) : null;
  push(loop.errors, { index: loop.next, key, code, message } satisfies JsonObject);
}

function push(pieces: Pieces, value: Json): void {
  const last = pieces.at(-1);
  if (Array.isArray(last)) last.push(value);
  else pieces.push([value]);
}

interface Range {
  from: number;
  to: number;
  /** How many at a time. */
  size: number;
  /** Whether others are begun after a failure. */
  patient: boolean;
}

/** Runs `run(from) … run(to - 1)`. Those that have begun are awaited, also after a failure. */
async function pool(
  { from, to, size, patient }: Range,
  run: (index: number) => Promise<void>,
): Promise<void> {
  let next = from;
  let failed = false;
  let failure: unknown;
  const lane = async () => {
    while (next < to && (patient || !failed)) {
      try {
        await run(next++);
      } catch (thrown) {
        if (!failed) failure = thrown;
        failed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: size }, lane));
  if (failed) throw failure;
}
