import { MissionError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';
import type {
  CallStep,
  ConditionalStep,
  FailStep,
  PlanStep,
  StepKind,
} from '../../contracts/plan.js';
import type { DoneRecord } from '../../contracts/run/records.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { runApprove } from './kinds/approve.js';
import { Block } from './state/block.js';
import { runForeach } from './kinds/foreach.js';
import type { Interpretation, RunBlock } from './state/interpretation.js';
import { isTrue } from './state/is-true.js';
import { keysInside } from '../plan/steps/keys-inside.js';
import { runLlm } from './kinds/llm.js';
import { runParallel } from './kinds/parallel.js';
import { isCall } from '../plan/kinds.js';
import { recordKey } from '../plan/steps/record-key.js';
import { runChild } from './kinds/run-child.js';
import { runWait } from './kinds/wait.js';
import { runWhile } from './kinds/while.js';

/** Where and for the how-manieth time a step is run. */
interface Occasion {
  ctx: Interpretation;
  runBlock: RunBlock;
  place: StepPlace;
  block: Block;
  attempt: number;
}

/** Does what a kind of step does. Answers undefined for a loop that goes on. */
type Run<S> = (on: Occasion, step: S) => Promise<DoneRecord | undefined>;

const call: Run<CallStep> = async ({ ctx, place, block, attempt }, step) =>
  done(await ctx.effects.attempt(step, place, block, attempt));

type OtherKind = Exclude<StepKind, CallStep['kind']>;

/**
 * Of every kind but calls. Every runner is `async`, also where it only hands on a promise: how many turns of the microtask queue a step takes
 * decides the order of the commands of steps that run at the same time, and recorded histories hold that order.
 */
const RUNNERS: { readonly [K in OtherKind]: Run<Extract<PlanStep, { kind: K }>> } = {
  set: async ({ ctx, place, block }, { values }) =>
    done(await ctx.effects.keep(await ctx.effects.render(values, block, place))),
  conditional: async (on, step) => runConditional(on, step),
  foreach: async ({ ctx, runBlock, place, block }, step) =>
    runForeach(ctx, runBlock, step, place, block),
  while: async ({ ctx, runBlock, place, block }, step) =>
    runWhile(ctx, runBlock, step, place, block),
  llm: async ({ ctx, runBlock, place, block }, step) => runLlm(ctx, runBlock, step, place, block),
  parallel: async ({ ctx, runBlock, place, block, attempt }, step) =>
    runParallel(ctx, runBlock, step, place, block, attempt),
  wait: async ({ ctx, place, block, attempt }, step) =>
    ctx.effects.answer
      ? done(await ctx.effects.answer(step, place, block, attempt))
      : runWait(ctx, step, place, block, attempt),
  approve: async ({ ctx, place, block, attempt }, step) =>
    ctx.effects.answer
      ? done(await ctx.effects.answer(step, place, block, attempt))
      : runApprove(ctx, step, place, block, attempt),
  directive: async ({ ctx, place, block, attempt }, step) =>
    runChild(ctx, step, place, block, attempt),
  return: async ({ ctx, place, block }, { value }) =>
    done(await ctx.effects.keep(await ctx.effects.render(value, block, place))),
  fail: async (on, step) => {
    throw await failure(on, step);
  },
};

/** Does what a step does. Answers undefined for a loop that goes on. */
export const execute = (on: Occasion, step: PlanStep): Promise<DoneRecord | undefined> =>
  isCall(step) ? call(on, step) : (RUNNERS[step.kind] as Run<PlanStep>)(on, step);

const CODE = /^[a-z][a-z0-9_]{0,63}$/;

const done = (result: Json): DoneRecord => ({ status: 'done', result });

/** The branch is chosen once: a condition may read what the branch then changes. */
async function runConditional(
  { ctx, runBlock, place, block }: Occasion,
  step: ConditionalStep,
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
  await runBlock(ctx, step[record.taken], branch, place.iteration);
  for (const inner of keysInside(ctx.records, place)) ctx.records.delete(inner);
  return branch.outcome(ctx.reads);
}

/** A code that is no word, from data, is none. */
async function failure({ ctx, place, block }: Occasion, step: FailStep) {
  const render = (template: Json) => ctx.effects.render(template, block, place);
  const code = step.code === undefined ? null : await render(step.code);
  const word = typeof code === 'string' && CODE.test(code) ? code : 'directive_failed';
  const message = await ctx.effects.text(await render(step.message));
  const data =
    step.data === undefined ? undefined : await ctx.effects.keep(await render(step.data));
  return new MissionError(word, message, data, { retryable: false });
}
