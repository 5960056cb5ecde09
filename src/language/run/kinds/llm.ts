import { MissionError } from '../../../contracts/errors.js';
import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type { CallStep, LlmStep } from '../../../contracts/plan.js';
import type { TurnCall, TurnResult } from '../../../contracts/model-turn.js';
import type { DoneRecord, LlmRecord } from '../../../contracts/run/records.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { Block } from '../state/block.js';
import type { Interpretation } from '../state/interpretation.js';
import { keysInside } from '../../plan/steps/keys-inside.js';
import { iterationPlace, recordKey } from '../../plan/steps/record-key.js';
import { roundUsd } from '../../text/round-usd.js';
import { StepFailure } from '../state/signals.js';
import type { StepContext } from '../state/step-attempt.js';

interface Conversation extends StepContext<LlmStep> {
  record: LlmRecord;
}

/**
 * A conversation with a model: it takes a turn, the tools that it wants are called, until it answers. Each turn and
 * each call is a step with a record and a row, so that none that has finished is repeated. What was said is not kept
 * here: whoever takes a turn reads it in the journal.
 */
export async function runLlm(
  ctx: Interpretation,
  { step, place, block }: StepContext<LlmStep>,
): Promise<DoneRecord> {
  if (ctx.effects.converse) return done(await ctx.effects.converse(step, place, block));
  const talk = { step, place, block, record: openRecord(ctx, place) };
  const { record } = talk;
  while (record.next < step.max_turns) {
    const here = iterationPlace(place, record.next);
    const turn = await takeTurn(ctx, talk, here);
    // In a shadow that goes on where nothing was recorded.
    if (turn === null) return done(null);
    await check(ctx, step, turn);
    if (isAnswer(turn)) return done(turn.output ?? { text: turn.text });
    for (const [index, call] of turn.calls.entries()) {
      await makeCall(ctx, talk, iterationPlace(here, index), call);
    }
    for (const key of keysInside(ctx.records, here)) ctx.records.delete(key);
    delete record.turn;
    delete record.problem;
    if (turn.problem !== undefined) record.problem = turn.problem;
    record.next++;
  }
  throw unanswered(talk);
}

const done = (result: Json): DoneRecord => ({ status: 'done', result });

const isAnswer = ({ calls, problem }: TurnResult): boolean =>
  calls.length === 0 && problem === undefined;

function openRecord(ctx: Interpretation, place: StepPlace): LlmRecord {
  const known = ctx.records.get(recordKey(place));
  if (known?.status === 'llm') return known;
  const started_ms = ctx.effects.now();
  const record: LlmRecord = { status: 'llm', started_ms, next: 0 };
  ctx.records.set(recordKey(place), record);
  return record;
}

/** The first turn brings what is asked; for later ones that is in its row. What it used counts once. */
async function takeTurn(
  ctx: Interpretation,
  { step, place, block, record }: Conversation,
  { iteration }: StepPlace,
): Promise<TurnResult | null> {
  if (record.turn) return record.turn;
  await untilAllowed(ctx);
  const request = record.next === 0 ? await ctx.effects.render(step.request, block, place) : {};
  const body = new Block(block, { request: await ctx.effects.keep(request) });
  await ctx.runBlock(ctx, [step.steps[0]], body, iteration).catch((thrown: unknown) => {
    throw blaming(step, thrown);
  });
  if (body.result === null) return null;
  const turn = body.result as unknown as TurnResult;
  const { input_tokens, output_tokens, cost_usd } = turn.usage;
  ctx.spent.tokens += input_tokens + output_tokens;
  ctx.spent.cost_usd = roundUsd(ctx.spent.cost_usd + cost_usd);
  return (record.turn = turn);
}

/** A turn has no name that an author knows. */
function blaming({ name }: LlmStep, thrown: unknown): unknown {
  if (!(thrown instanceof StepFailure) || thrown.fatal) return thrown;
  return new StepFailure({ ...thrown.error, step: name });
}

/** Nobody is asked once a limit is used up. */
async function untilAllowed(ctx: Interpretation): Promise<void> {
  for (const limit of ['tokens', 'cost_usd'] as const) {
    while (ctx.spent[limit] >= (ctx.limits[limit] ?? Infinity)) await ctx.effects.exceeded(limit);
  }
}

/** A limit may have been passed by the turn; and an answer that was cut off is none. */
async function check(
  { spent, limits, effects }: Interpretation,
  { name }: LlmStep,
  { cut, model }: TurnResult,
): Promise<void> {
  for (const limit of ['tokens', 'cost_usd'] as const) {
    while (spent[limit] > (limits[limit] ?? Infinity)) await effects.exceeded(limit);
  }
  if (cut === undefined) return;
  if (cut !== 'max_output_tokens') await effects.exceeded(cut);
  const bound = cut === 'max_output_tokens' ? 'max_output_tokens in mission.yaml' : `limits.${cut}`;
  const text = `${name}: the answer of the model ${model} is longer than ${bound} allows. Raise that limit, or ask for a shorter answer.`;
  throw new MissionError('model_error', text, null, { retryable: false });
}

/** A call that fails fails for the model, which is told, and not for the step. */
async function makeCall(
  ctx: Interpretation,
  { step, block }: Conversation,
  { iteration }: StepPlace,
  call: TurnCall,
): Promise<void> {
  const tool = call.problem === undefined ? toolOf(step, call.tool) : undefined;
  if (!tool) return;
  const name = call.tool.slice(call.tool.indexOf('/') + 1);
  const locals: JsonObject = { arguments: call.arguments, tool: name };
  try {
    await ctx.runBlock(ctx, [tool], new Block(block, locals), iteration);
  } catch (thrown) {
    if (!(thrown instanceof StepFailure) || thrown.fatal) throw thrown;
  }
}

/** The step that calls a tool; undefined where there is none. A step may stand for all tools of a server. */
export function toolOf({ tools, steps }: LlmStep, name: string): CallStep | undefined {
  const whole = name.replace(/\/.*$/s, '/*');
  const exact = tools.indexOf(name);
  const index = exact < 0 && name.includes('/') ? tools.indexOf(whole) : exact;
  return index < 0 ? undefined : (steps[index + 1] as CallStep);
}

function unanswered({ step, record }: Conversation): MissionError {
  const { name, max_turns } = step;
  const turns = `${max_turns} turn${max_turns === 1 ? '' : 's'}`;
  const [code, text] =
    record.problem === undefined
      ? ['model_error', `${name}: the model still calls tools after ${turns}. Raise max_turns.`]
      : [
          'output_invalid',
          `${name}: after ${turns} the answer is still invalid: ${record.problem}`,
        ];
  return new MissionError(code!, text!, null, { retryable: false });
}
