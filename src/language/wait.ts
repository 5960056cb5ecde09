import { MissionError } from '../contracts/errors.js';
import type { Json } from '../contracts/json.js';
import type { WaitStep } from '../contracts/plan.js';
import type { DoneRecord, StepPlace } from '../contracts/run.js';
import type { Block } from './block.js';
import { Fault } from './expression/fault.js';
import { instant } from './expression/functions-date.js';
import type { Interpretation } from './interpretation.js';
import { recordKey } from './record-key.js';

/** Waits. Its end is evaluated once and goes into its record: a run that goes on in a new history does not begin anew. */
export async function runWait(
  ctx: Interpretation,
  step: WaitStep,
  place: StepPlace,
  block: Block,
): Promise<DoneRecord> {
  const key = recordKey(place);
  let record = ctx.records.get(key);
  if (record?.status !== 'wait') {
    const started_ms = ctx.effects.now();
    const until_ms = await endOf(ctx, step, place, block, started_ms);
    record = { status: 'wait', started_ms, until_ms };
    ctx.records.set(key, record);
  }
  const deadline_ms = record.started_ms + (step.timeout_seconds ?? Infinity) * 1000;
  await ctx.effects.sleep(Math.min(record.until_ms, deadline_ms), step.name);
  if (record.until_ms > deadline_ms) throw expired(step);
  return { status: 'done', result: {} };
}

async function endOf(
  ctx: Interpretation,
  step: WaitStep,
  place: StepPlace,
  block: Block,
  started_ms: number,
): Promise<number> {
  const render = (template: Json) => ctx.effects.render(template, block, place);
  if (step.until !== undefined) return dateOf(await render(step.until), step);
  const seconds = await render(step.duration_seconds!);
  if (typeof seconds === 'number' && seconds >= 0) return started_ms + seconds * 1000;
  const shown = await ctx.effects.text(seconds);
  throw wrong(`wait.duration_seconds must be a number of seconds, and is ${shown || 'null'}`);
}

function dateOf(value: Json, { name }: WaitStep): number {
  try {
    return instant(value);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    throw wrong(`wait.until of ${name}: ${thrown.message}`);
  }
}

const wrong = (message: string) =>
  new MissionError('expression_error', message, undefined, { retryable: false });

const expired = ({ name, timeout_seconds }: WaitStep) =>
  new MissionError('wait_expired', `${name} waited ${timeout_seconds} s in vain`, undefined, {
    retryable: false,
  });
