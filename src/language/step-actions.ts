import { MissionError } from '../contracts/errors.js';
import type { Json } from '../contracts/json.js';
import type { ConditionalStep, FailStep, PlanStep } from '../contracts/plan.js';
import type { DoneRecord, StepPlace } from '../contracts/run.js';
import { runApprove } from './approve.js';
import { Block } from './block.js';
import { runForeach } from './foreach.js';
import type { Interpretation, RunBlock } from './interpretation.js';
import { isTrue } from './is-true.js';
import { keysInside } from './keys-inside.js';
import { runLlm } from './llm.js';
import { runParallel } from './parallel.js';
import { recordKey } from './record-key.js';
import { runChild } from './run-child.js';
import { runWait } from './wait.js';
import { runWhile } from './while.js';

/** What each kind of step does. Answers undefined for a loop that goes on. */
export async function act(
  ctx: Interpretation,
  runBlock: RunBlock,
  step: PlanStep,
  place: StepPlace,
  block: Block,
  attempt: number,
): Promise<DoneRecord | undefined> {
  switch (step.kind) {
    case 'script':
    case 'mcp':
    case 'emit':
    case 'turn':
      return done(await ctx.effects.attempt(step, place, block, attempt));
    case 'set':
      return done(await ctx.effects.keep(await ctx.effects.render(step.values, block, place)));
    case 'conditional':
      return runConditional(ctx, runBlock, step, place, block);
    case 'foreach':
      return runForeach(ctx, runBlock, step, place, block);
    case 'while':
      return runWhile(ctx, runBlock, step, place, block);
    case 'llm':
      return runLlm(ctx, runBlock, step, place, block);
    case 'parallel':
      return runParallel(ctx, runBlock, step, place, block, attempt);
    case 'wait':
      if (ctx.effects.answer) return done(await ctx.effects.answer(step, place, block, attempt));
      return runWait(ctx, step, place, block, attempt);
    case 'approve':
      if (ctx.effects.answer) return done(await ctx.effects.answer(step, place, block, attempt));
      return runApprove(ctx, step, place, block, attempt);
    case 'directive':
      return runChild(ctx, step, place, block, attempt);
    case 'return':
      return done(await ctx.effects.keep(await ctx.effects.render(step.value, block, place)));
    case 'fail':
      throw await failure(ctx, step, place, block);
  }
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/;

const done = (result: Json): DoneRecord => ({ status: 'done', result });

/** The branch is chosen once: a condition may read what the branch then changes. */
async function runConditional(
  ctx: Interpretation,
  runBlock: RunBlock,
  step: ConditionalStep,
  place: StepPlace,
  block: Block,
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
async function failure(ctx: Interpretation, step: FailStep, place: StepPlace, block: Block) {
  const render = (template: Json) => ctx.effects.render(template, block, place);
  const code = step.code === undefined ? null : await render(step.code);
  const word = typeof code === 'string' && CODE.test(code) ? code : 'directive_failed';
  const message = await ctx.effects.text(await render(step.message));
  const data =
    step.data === undefined ? undefined : await ctx.effects.keep(await render(step.data));
  return new MissionError(word, message, data, { retryable: false });
}
