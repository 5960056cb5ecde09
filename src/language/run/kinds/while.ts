import { MissionError } from '../../../contracts/errors.js';
import type { WhileStep } from '../../../contracts/plan.js';
import type { DoneRecord, WhileRecord } from '../../../contracts/run/records.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { Block } from '../state/block.js';
import { type Interpretation, spend } from '../state/interpretation.js';
import { isFusable } from '../../plan/steps/is-fusable.js';
import { isTrue } from '../state/is-true.js';
import { keysInside } from '../../plan/steps/keys-inside.js';
import { readsClock } from '../../plan/reads-clock.js';
import { iterationPlace, recordKey } from '../../plan/steps/record-key.js';
import type { StepContext } from '../state/step-attempt.js';

interface While {
  step: WhileStep;
  place: StepPlace;
  record: WhileRecord;
  /** Of all iterations: each sees what those before it left. */
  body: Block;
}

/**
 * Repeats its steps. Answers undefined when more is left: a light loop in the workflow does only the
 * one iteration that its segment could not finish.
 */
export async function runWhile(
  ctx: Interpretation,
  { step, place, block }: StepContext<WhileStep>,
): Promise<DoneRecord | undefined> {
  const record = openWhile(ctx, place);
  const loop = { step, place, record, body: Block.resume(block, record.left) };
  const scout = ctx.effects.segment !== undefined && isFusable(step);
  while (await goesOn(ctx, loop)) {
    await iterate(ctx, loop);
    if (scout) return undefined;
  }
  const { result, named, looped } = loop.body.outcome(ctx.reads);
  return {
    status: 'done',
    result: { count: record.next, last: await ctx.effects.keep(result) },
    ...(named && { named }),
    ...(looped && { looped }),
  };
}

function openWhile(ctx: Interpretation, place: StepPlace): WhileRecord {
  const known = ctx.records.get(recordKey(place));
  if (known?.status === 'while') return known;
  const record: WhileRecord = {
    status: 'while',
    started_ms: ctx.effects.now(),
    next: 0,
    begun: 0,
    left: null,
  };
  ctx.records.set(recordKey(place), record);
  return record;
}

/** An iteration that has begun goes on, whatever the condition says meanwhile. */
async function goesOn(ctx: Interpretation, { step, place, record, body }: While): Promise<boolean> {
  if (record.begun > record.next) return true;
  const known = readsClock(step.test) ? ctx.effects.recallTurn(place, record.next) : undefined;
  const more = known ?? isTrue(await ctx.effects.render(step.test, body, place), 'while');
  if (!more || record.next < (step.max_iterations ?? Infinity)) return more;
  const text = `the condition is still true after max_iterations: ${step.max_iterations}`;
  throw new MissionError('iterations_exceeded', text, null, { retryable: false });
}

async function iterate(ctx: Interpretation, { step, place, record, body }: While): Promise<void> {
  const here = iterationPlace(place, record.next);
  if (record.begun === record.next) {
    await spend(ctx, 'iterations');
    record.begun++;
  }
  await ctx.runBlock(ctx, step.steps, body, here.iteration);
  for (const key of keysInside(ctx.records, here)) ctx.records.delete(key);
  record.next++;
  record.left = body.state();
}
