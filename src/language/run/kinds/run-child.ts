import { MissionError } from '../../../contracts/errors.js';
import type { DirectiveStep } from '../../../contracts/plan.js';
import type { DoneRecord } from '../../../contracts/run/records.js';
import type { StepAttempt } from '../state/step-attempt.js';
import { type Interpretation, spend } from '../state/interpretation.js';
import { recordKey } from '../../plan/steps/record-key.js';

/** Runs another directive and waits for its end. What it may spend is set aside, and the rest comes back. */
export async function runChild(
  ctx: Interpretation,
  { step, place, block, attempt }: StepAttempt<DirectiveStep>,
): Promise<DoneRecord> {
  const key = recordKey(place);
  let record = ctx.records.get(key);
  if (record?.status !== 'child') {
    if (ctx.limits.depth < 1) await ctx.effects.exceeded('depth');
    await spend(ctx, 'spawns');
    const { answer } = ctx.effects;
    if (answer)
      return {
        status: 'done',
        result: await answer.call(ctx.effects, step, place, block, attempt),
      };
    record = await ctx.effects.spawn(step, place, block, attempt);
    ctx.records.set(key, record);
  }
  const end = await ctx.effects.childEnd(record, step);
  if (!end) throw late(step);
  if (end.status === 'success') return { status: 'done', result: end.result ?? null };
  // Another attempt is another run: whether that may help, the step's own policy says.
  const { code, message, data } = end.error!;
  throw new MissionError(code, `${step.directive}: ${message}`, data);
}

const late = ({ name, timeout_seconds }: DirectiveStep): MissionError =>
  new MissionError('timeout', `${name} took longer than ${timeout_seconds} s`);
