import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { Usage } from '../contracts/model-turn.js';
import { roundUsd } from '../language/text/round-usd.js';
import type {
  AskOptions,
  ModelAnswer,
  ModelRequest,
} from '../tools/models/providers/model-request.js';
import type { Models } from '../tools/models/models.js';

/** How often a model is asked that says nothing. */
const MOST_ASKED = 3;

interface Options extends AskOptions {
  /** Told why the model is asked again. */
  onAgain(why: string): void;
}

/**
 * An answer in which there is something. A model that says nothing is told so and asked again, within the same time and
 * the same bound of tokens; what all of it used is in the answer.
 * @throws MissionError `model_error` when it says nothing three times, and what a model's failure is
 */
export async function askUntilAnswered(
  models: Pick<Models, 'ask'>,
  request: ModelRequest,
  { timeoutMs, signal, onAgain }: Options,
): Promise<ModelAnswer> {
  const until = Date.now() + timeoutMs;
  const said = [...request.said];
  let spent: Usage | undefined;
  for (let time = 1; ; time++) {
    const left = { timeoutMs: Math.max(1, until - Date.now()), signal };
    const answer = await models.ask({ ...bounded(request, spent), said }, left);
    spent = sumOf(spent, answer.usage);
    const { nothing, text, given } = answer;
    if (nothing === undefined) return { ...answer, usage: spent };
    if (time === MOST_ASKED) throw silent(request.model, nothing, spent);
    onAgain(nothing);
    said.push({ role: 'assistant', text, calls: [], given });
    said.push({ role: 'user', text: `There is nothing in your answer: ${nothing}. Answer now.` });
  }
}

/** What was said in vain is no longer there to be said. */
function bounded(request: ModelRequest, spent: Usage | undefined): ModelRequest {
  if (request.most === undefined || spent === undefined) return request;
  return { ...request, most: Math.max(1, request.most - spent.output_tokens) };
}

function silent(model: string, nothing: string, usage: Usage): MissionError {
  const text = `The model ${model} was asked ${MOST_ASKED} times: ${nothing}. Look at the prompt, or name another model.`;
  const data = { model, usage: { ...usage } as JsonObject };
  return new MissionError('model_error', text, data, { retryable: false });
}

function sumOf(sum: Usage | undefined, next: Usage): Usage {
  if (!sum) return next;
  return {
    input_tokens: sum.input_tokens + next.input_tokens,
    output_tokens: sum.output_tokens + next.output_tokens,
    cost_usd: roundUsd(sum.cost_usd + next.cost_usd),
    ...((sum.estimated || next.estimated) && { estimated: true as const }),
  };
}
