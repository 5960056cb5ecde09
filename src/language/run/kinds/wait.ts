import { MissionError } from '../../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { SIGNAL_NAME, topicOf } from '../../../contracts/message.js';
import type { WaitStep } from '../../../contracts/plan.js';
import type { DoneRecord, WaitRecord } from '../../../contracts/run/records.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { Fault } from '../../expression/runtime/fault.js';
import { instant } from '../../expression/functions/instant.js';
import type { Waiter } from '../state/durable-effects.js';
import type { Interpretation } from '../state/interpretation.js';
import type { StepAttempt, StepContext } from '../state/step-attempt.js';
import { recordKey } from '../../plan/steps/record-key.js';

/** Waits. What it waits for is evaluated once and goes into its record: a run that goes on in a new history does not begin anew. */
export async function runWait(ctx: Interpretation, at: StepAttempt<WaitStep>): Promise<DoneRecord> {
  const { step, place } = at;
  const known = ctx.records.get(recordKey(place));
  const begun = known?.status === 'wait' ? known : undefined;
  const record = begun ?? (await begin(ctx, at));
  const waiter = record.topic && ctx.effects.lineUp?.(record.topic, record.started_ms);
  try {
    if (!begun) await announce(ctx, step, place, record);
    return await (record.topic === undefined
      ? sleep(ctx, step, record)
      : hear(ctx, step, record, waiter || undefined));
  } finally {
    if (waiter) waiter.leave();
  }
}

async function begin(ctx: Interpretation, at: StepAttempt<WaitStep>): Promise<WaitRecord> {
  const started_ms = ctx.effects.now();
  const terms = await termsOf(ctx, at, started_ms);
  return { status: 'wait', started_ms, attempt: at.attempt, ...terms };
}

async function announce(
  ctx: Interpretation,
  step: WaitStep,
  place: StepPlace,
  record: WaitRecord,
): Promise<void> {
  const { name, kind } = step;
  const { started_ms, attempt = 1 } = record;
  const end = Math.min(record.until_ms ?? Infinity, deadlineOf(step, record));
  if (end > started_ms + SHORT_MS) {
    await ctx.effects.waiting({ ...place, name, kind, attempt, started_ms });
  }
  ctx.records.set(recordKey(place), record);
}

/** A shorter wait is not shown as waiting. */
const SHORT_MS = 1_000;

const deadlineOf = ({ timeout_seconds }: WaitStep, { started_ms }: WaitRecord): number =>
  started_ms + (timeout_seconds ?? Infinity) * 1000;

async function sleep(ctx: Interpretation, step: WaitStep, record: WaitRecord): Promise<DoneRecord> {
  const deadline_ms = deadlineOf(step, record);
  await ctx.effects.sleep(Math.min(record.until_ms!, deadline_ms), step.name);
  if (record.until_ms! > deadline_ms) throw expired(step);
  return { status: 'done', result: {} };
}

async function hear(
  ctx: Interpretation,
  step: WaitStep,
  record: WaitRecord,
  waiter: Waiter | undefined,
): Promise<DoneRecord> {
  const end = deadlineOf(step, record);
  const came = await ctx.effects.receive(record.topic!, end, step.name, waiter);
  if (came === undefined) throw expired(step);
  return { status: 'done', result: came };
}

type Terms = Pick<WaitRecord, 'until_ms' | 'topic'>;

async function termsOf(
  ctx: Interpretation,
  { step, place, block }: StepContext<WaitStep>,
  started_ms: number,
): Promise<Terms> {
  const render = (template: Json) => ctx.effects.render(template, block, place);
  if (step.until !== undefined) return { until_ms: dateOf(await render(step.until), step) };
  if (step.signal !== undefined) {
    const name = nameOf(await render(step.signal), 'signal');
    return { topic: topicOf({ kind: 'signal', name }) };
  }
  if (step.event !== undefined) {
    const name = nameOf(await render(step.event), 'event');
    const match = mapOf(await render(step.match ?? {}));
    await ctx.effects.listen(place, name, match);
    return { topic: topicOf({ kind: 'event', name: recordKey(place) }) };
  }
  const seconds = await render(step.duration_seconds!);
  if (typeof seconds === 'number' && seconds >= 0) return { until_ms: started_ms + seconds * 1000 };
  const shown = await ctx.effects.text(seconds);
  throw wrong(`wait.duration_seconds must be a number of seconds, but is ${shown || 'null'}`);
}

function dateOf(value: Json, { name }: WaitStep): number {
  try {
    return instant(value);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    throw wrong(`wait.until of ${name}: ${thrown.message}`);
  }
}

function nameOf(value: Json, what: string): string {
  if (typeof value === 'string' && SIGNAL_NAME.test(value)) return value;
  throw wrong(`wait.${what} must be a name, but is ${JSON.stringify(value).slice(0, 100)}`);
}

function mapOf(value: Json): JsonObject {
  if (isObject(value)) return value;
  throw wrong(`wait.match must be a map, but is ${JSON.stringify(value).slice(0, 100)}`);
}

const wrong = (message: string) =>
  new MissionError('expression_error', message, undefined, { retryable: false });

const expired = ({ name, timeout_seconds }: WaitStep) =>
  new MissionError(
    'wait_expired',
    `${name} waited ${timeout_seconds} s, and what it waits for did not arrive`,
    undefined,
    {
      retryable: false,
    },
  );
