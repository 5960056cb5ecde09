import { MissionError, type StepError } from '../contracts/errors.js';
import type { Json, JsonObject } from '../contracts/json.js';
import type { ForeachStep } from '../contracts/plan.js';
import type { DoneRecord, LoopRecord, StepPlace } from '../contracts/run.js';
import { Block } from './block.js';
import { type Interpretation, type RunBlock, spend } from './interpretation.js';
import { isLight } from './is-light.js';
import { iterationPlace, recordKey } from './record-key.js';
import { StepFailure, StopSignal } from './signals.js';

/**
 * Runs the iterations that are left, up to `concurrency` at a time. Answers undefined when more are
 * left: a light loop in the workflow does only the one iteration that its segment could not finish.
 */
export async function runForeach(
  ctx: Interpretation,
  runBlock: RunBlock,
  step: ForeachStep,
  place: StepPlace,
  block: Block,
): Promise<DoneRecord | undefined> {
  const items = await itemsOf(ctx, step, place, block);
  const loop = loopRecord(ctx, place);
  const scout = ctx.effects.segment !== undefined && isLight(step);
  const end = scout ? Math.min(loop.next + 1, items.length) : items.length;
  await pool(step.concurrency, loop.next, end, (index) =>
    iterate(ctx, { runBlock, step, place, block, loop, items }, index),
  );
  if (loop.next < items.length) return undefined;
  if (loop.base > 0) throw new StopSignal('step');
  return { status: 'done', result: await ctx.effects.compose(loop, items.length), ...named(loop) };
}

const named = (loop: LoopRecord) =>
  Object.keys(loop.named).length > 0 ? { named: loop.named } : {};

async function itemsOf(ctx: Interpretation, step: ForeachStep, place: StepPlace, block: Block) {
  const value = await ctx.effects.fetch(await ctx.effects.render(step.items, block, place));
  if (value === null) return [];
  if (!Array.isArray(value)) {
    const shown = JSON.stringify(value).slice(0, 100);
    throw new MissionError('expression_error', `foreach: expected a list, got ${shown}`);
  }
  if (step.max_iterations !== undefined && value.length > step.max_iterations) {
    const text = `${value.length} items are more than max_iterations: ${step.max_iterations}`;
    throw new MissionError('iterations_exceeded', text, null, { retryable: false });
  }
  return value;
}

function loopRecord(ctx: Interpretation, place: StepPlace): LoopRecord {
  const key = recordKey(place);
  const known = ctx.records.get(key);
  if (known?.status === 'loop') return known;
  const fresh: LoopRecord = {
    status: 'loop',
    next: 0,
    begun: 0,
    base: 0,
    items: [[]],
    errors: [],
    tallies: {},
    named: {},
  };
  ctx.records.set(key, fresh);
  return fresh;
}

interface Loop {
  runBlock: RunBlock;
  step: ForeachStep;
  place: StepPlace;
  block: Block;
  loop: LoopRecord;
  items: Json[];
}

/** One iteration: a block of its own. Its outcome waits as a record until those before it are there. */
async function iterate(ctx: Interpretation, around: Loop, index: number): Promise<void> {
  const { step, loop, items } = around;
  const place = iterationPlace(around.place, index);
  const key = recordKey(place);
  if (!ctx.records.has(key)) {
    if (index >= loop.begun) {
      spend(ctx, 'iterations');
      loop.begun = index + 1;
    }
    const block = new Block(around.block, { item: items[index]!, index });
    try {
      await around.runBlock(ctx, step.steps, block, place.iteration);
      ctx.records.set(key, block.outcome(ctx.reads));
    } catch (thrown) {
      if (!(thrown instanceof StepFailure) || thrown.fatal || step.item_error === 'fail') {
        throw thrown;
      }
      const error = await itemError(ctx, step, block, place, thrown.error);
      ctx.records.set(key, { status: 'failed', error, attempt: 1 });
    }
    for (const inner of block.keys) ctx.records.delete(inner);
  }
  absorb(ctx, around.place, loop);
}

/** The item's `key`, where the loop has one, goes into the error's data. */
async function itemError(
  ctx: Interpretation,
  step: ForeachStep,
  block: Block,
  place: StepPlace,
  error: StepError,
): Promise<StepError> {
  if (step.key === undefined) return error;
  return { ...error, data: { key: await ctx.effects.render(step.key, block, place) } };
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
  push(loop, record.result);
  Object.assign(loop.named, record.named);
  if (record.word) loop.tallies[record.word] = (loop.tallies[record.word] ?? 0) + 1;
}

function fail(loop: LoopRecord, { code, message, data }: StepError): void {
  push(loop, null);
  const key = (data as JsonObject | undefined)?.key ?? null;
  loop.errors.push({ index: loop.next, key, code, message });
}

function push(loop: LoopRecord, result: Json): void {
  const last = loop.items.at(-1);
  if (Array.isArray(last)) last.push(result);
  else loop.items.push([result]);
}

/** Runs `run(from) … run(to - 1)`, `size` at a time. After a failure none is begun; all that began are awaited. */
async function pool(
  size: number,
  from: number,
  to: number,
  run: (index: number) => Promise<void>,
): Promise<void> {
  let next = from;
  let failed = false;
  let failure: unknown;
  const lane = async () => {
    while (next < to && !failed) {
      try {
        await run(next++);
      } catch (thrown) {
        if (!failed) failure = thrown;
        failed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(size, to - from) }, lane));
  if (failed) throw failure;
}
