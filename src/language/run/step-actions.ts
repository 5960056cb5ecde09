import { MissionError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';
import type {
  AwaitedStep,
  CallStep,
  ConditionalStep,
  FailStep,
  PlanStep,
  StepKind,
} from '../../contracts/plan.js';
import type { DoneRecord } from '../../contracts/run/records.js';
import { runApprove } from './kinds/approve.js';
import { Block } from './state/block.js';
import { runForeach } from './kinds/foreach.js';
import type { Interpretation } from './state/interpretation.js';
import { isTrue } from './state/is-true.js';
import { keysInside } from '../plan/steps/keys-inside.js';
import { runLlm } from './kinds/llm.js';
import { runParallel } from './kinds/parallel.js';
import { isCall } from '../plan/kinds.js';
import { recordKey } from '../plan/steps/record-key.js';
import type { StepAttempt } from './state/step-attempt.js';
import { runChild } from './kinds/run-child.js';
import { runWait } from './kinds/wait.js';
import { runWhile } from './kinds/while.js';

/** Does what a kind of step does. Answers undefined for a loop that goes on. */
type Run<S extends PlanStep> = (
  ctx: Interpretation,
  at: StepAttempt<S>,
) => Promise<DoneRecord | undefined>;

const call: Run<CallStep> = async (ctx, { step, place, block, attempt }) =>
  done(await ctx.effects.attempt(step, place, block, attempt));

type OtherKind = Exclude<StepKind, CallStep['kind']>;

/**
 * Of every kind but calls. Every runner is `async`, also where it only hands on a promise: how many turns of the microtask queue a step takes
 * decides the order of the commands of steps that run at the same time, and recorded histories hold that order.
 */
const RUNNERS: { readonly [K in OtherKind]: Run<Extract<PlanStep, { kind: K }>> } = {
  set: async (ctx, { step: { values }, place, block }) =>
    done(await ctx.effects.keep(await ctx.effects.render(values, block, place))),
  conditional: async (ctx, at) => runConditional(ctx, at),
  foreach: async (ctx, at) => runForeach(ctx, at),
  while: async (ctx, at) => runWhile(ctx, at),
  llm: async (ctx, at) => runLlm(ctx, at),
  parallel: async (ctx, at) => runParallel(ctx, at),
  wait: async (ctx, at) => {
    const answer = answerTo(ctx, at);
    return answer ? done(await answer) : runWait(ctx, at);
  },
  approve: async (ctx, at) => {
    const answer = answerTo(ctx, at);
    return answer ? done(await answer) : runApprove(ctx, at);
  },
  directive: async (ctx, at) => runChild(ctx, at),
  return: async (ctx, { step: { value }, place, block }) =>
    done(await ctx.effects.keep(await ctx.effects.render(value, block, place))),
  fail: async (ctx, at) => {
    throw await failure(ctx, at);
  },
};

const isCallAttempt = (at: StepAttempt): at is StepAttempt<CallStep> => isCall(at.step);

/** Does what a step does. Answers undefined for a loop that goes on. */
export const execute: Run<PlanStep> = (ctx, at) =>
  isCallAttempt(at)
    ? call(ctx, at)
    : (RUNNERS[at.step.kind as OtherKind] as Run<PlanStep>)(ctx, at);

const CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** What stands for a wait or a question where nothing may happen. */
const answerTo = (
  { effects }: Interpretation,
  { step, place, block, attempt }: StepAttempt<AwaitedStep>,
): Promise<Json> | undefined => effects.answer?.(step, place, block, attempt);

const done = (result: Json): DoneRecord => ({ status: 'done', result });

/** The branch is chosen once: a condition may read what the branch then changes. */
async function runConditional(
  ctx: Interpretation,
  { step, place, block }: StepAttempt<ConditionalStep>,
): Promise<DoneRecord> {
  const key = recordKey(place);
  let record = ctx.records.get(key);
  if (record?.status !== 'branch') {
    const test = isTrue(await ctx.effects.render(step.test, block, place), 'if');
    const started_ms = ctx.effects.now();
    record = { status: 'branch', taken: test ? 'then' : 'else', started_ms };
    ctx.records.set(key, record);
  }
  const branch = new Block(block);
  await ctx.runBlock(ctx, step[record.taken], branch, place.iteration);
  for (const inner of keysInside(ctx.records, place)) ctx.records.delete(inner);
  return branch.outcome(ctx.reads);
}

/** A code that is no word, from data, is none. */
async function failure(ctx: Interpretation, { step, place, block }: StepAttempt<FailStep>) {
  const render = (template: Json) => ctx.effects.render(template, block, place);
  const code = step.code === undefined ? null : await render(step.code);
  const word = typeof code === 'string' && CODE.test(code) ? code : 'directive_failed';
  const message = await ctx.effects.text(await render(step.message));
  const data =
    step.data === undefined ? undefined : await ctx.effects.keep(await render(step.data));
  return new MissionError(word, message, data, { retryable: false });
}
