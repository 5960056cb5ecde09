import { MissionError, type StepError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import {
  HOOK_ANSWERS,
  type Hook,
  type HookAnswer,
  type HookMoment,
  type PlanStep,
} from '../../contracts/plan.js';
import type { DoneRecord } from '../../contracts/run/records.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { Block } from './state/block.js';
import { hookPath } from '../plan/steps/hook-path.js';
import type { Interpretation } from './state/interpretation.js';
import { isTrue } from './state/is-true.js';
import { isWithin, iterationOf } from '../plan/steps/keys-inside.js';
import { iterationPlace } from '../plan/steps/record-key.js';
import { StepFailure } from './state/signals.js';
import type { StepAttempt } from './state/step-attempt.js';

/** An attempt of a step of which hooks are asked something. */
interface Occasion extends StepAttempt {
  /** It had succeeded, and hooks said otherwise. */
  late?: true | undefined;
}

/** More attempts than a step's own that hooks may grant. */
const MOST_RETRIES = 10;
/** Behind all attempts that a step can have. */
const LATE = 1_000 + MOST_RETRIES;

/** Whether the step begins; false = it is skipped. */
export async function beforeStep(ctx: Interpretation, at: Occasion) {
  const answer = await askAbout(ctx, 'before_step', at, {});
  if (answer === 'fail' || answer === 'abort') throw refusal('before_step', at.step, answer);
  return answer !== 'skip';
}

/** What a step has left is seen, as if it had finished. */
export async function afterStep(
  ctx: Interpretation,
  at: Occasion,
  done: DoneRecord,
): Promise<void> {
  const block = new Block(at.block);
  block.finish(at.step, done);
  const answer = await askAbout(ctx, 'after_step', { ...at, block }, {});
  if (answer === 'fail' || answer === 'abort') throw refusal('after_step', at.step, answer);
}

/** What follows a step's failure, where a hook decides that: another attempt, or going on. A hook that fails decides nothing. */
export async function onError(
  ctx: Interpretation,
  at: Occasion,
  { retryable, ...error }: StepError,
): Promise<'retry' | 'continue' | undefined> {
  const { attempt, step } = at;
  const told = { error: { ...error, attempt } };
  const answer = await unlessItFails(async () => askAbout(ctx, 'on_error', at, told));
  if (answer === 'abort') throw new StepFailure(error, true);
  if (answer === 'continue' || answer === 'skip') return 'continue';
  const most = (step.retry?.attempts ?? 1) + MOST_RETRIES;
  const may = retryable !== false && attempt < most;
  return answer === 'retry' && may ? 'retry' : undefined;
}

/** The run has used up a limit. What hooks do then changes nothing of its end, whatever becomes of it. */
export async function onLimit(
  ctx: Interpretation,
  hooks: readonly Hook[],
  block: Block,
  error: JsonObject,
): Promise<void> {
  const place = { path: '.hooks', iteration: '' };
  const about = { hooks, below: '.hooks', place, block, locals: { error } };
  await unlessItFails(() => ask(ctx, 'on_limit', about));
}

/** Of a finished step nothing more is asked. */
export function forgetHooks(ctx: Interpretation, { path, iteration }: StepPlace): void {
  for (const key of ctx.records.keys()) {
    const inside = key.startsWith(`${path}/.`) && isWithin(iterationOf(key), iteration);
    if (inside) ctx.records.delete(key);
  }
}

/** Limits and the end of the run are not for a hook to fail with. */
async function unlessItFails<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    const failed = thrown instanceof StepFailure && !thrown.fatal;
    if (failed || thrown instanceof MissionError) return undefined;
    throw thrown;
  }
}

function askAbout(
  ctx: Interpretation,
  moment: 'before_step' | 'after_step' | 'on_error',
  { step, place, block, attempt, late }: Occasion,
  more: JsonObject,
) {
  const hooks = step.hooks?.[moment];
  if (!hooks) return undefined;
  const { name, kind, path } = step;
  const locals = { step: { name, kind, path, attempt }, ...more };
  // Each attempt is an occasion of its own: what its hooks do has a place of its own. A step succeeds only once.
  const occasion = late ? LATE : moment === 'after_step' ? 0 : attempt - 1;
  const { iteration } = iterationPlace(place, occasion);
  const about = { hooks, below: path, place: { path, iteration }, block, locals };
  return ask(ctx, moment, about);
}

interface Question {
  hooks: readonly Hook[];
  /** Below which their steps stand. */
  below: string;
  place: StepPlace;
  block: Block;
  locals: JsonObject;
}

/** The answer of the first hook whose condition holds; undefined where none does. */
async function ask(
  ctx: Interpretation,
  moment: HookMoment,
  { hooks, below, place, block, locals }: Question,
): Promise<HookAnswer | undefined> {
  for (const [index, { when, action, steps }] of hooks.entries()) {
    const seen = new Block(block, locals);
    const here = { path: hookPath(below, moment, index), iteration: place.iteration };
    const asked = when === undefined || isTrue(await ctx.effects.render(when, seen, here), 'when');
    if (!asked) continue;
    if (action) return action;
    ctx.effects.handOver();
    await ctx.runBlock(ctx, steps ?? [], seen, here.iteration);
    if (!seen.ranAny || moment === 'on_limit') return undefined;
    return answerIn(moment, await ctx.effects.render('{{ result.action }}', seen, here));
  }
  return undefined;
}

function answerIn(moment: HookMoment, action: Json): HookAnswer | undefined {
  if (action === null) return undefined;
  const answers: readonly Json[] = HOOK_ANSWERS[moment];
  if (answers.includes(action)) return action as HookAnswer;
  const text = `a hook of ${moment} returned the action ${JSON.stringify(action).slice(0, 80)}; the actions are ${answers.join(', ')}`;
  throw new MissionError('output_invalid', text, undefined, { retryable: false });
}

function refusal(moment: HookMoment, { name }: PlanStep, answer: 'fail' | 'abort'): StepFailure {
  const message = `a hook of ${moment} returned "${answer}" for ${name}`;
  const error: StepError = { code: 'hook_failed', message, step: name, retryable: false };
  return new StepFailure(error, answer === 'abort');
}
