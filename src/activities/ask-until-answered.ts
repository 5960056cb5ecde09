import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { Usage } from '../contracts/model-turn.js';
import { roundUsd } from '../language/text/round-usd.js';
import type { AskOptions, ModelAnswer, ModelRequest } from '../contracts/model.js';
import type { Models } from '../tools/models/models.js';

/** Number of requests after which a model that gives no content is given up. */
const MAX_REQUESTS = 3;

interface Options extends AskOptions {
  /** Called with the reason before the model is asked again. */
  onAgain(why: string): void;
}

/**
 * Asks a model until its answer has content. An empty answer is sent back with a note, within the same timeout and the
 * same bound of tokens. The usage in the answer is that of all requests.
 * @throws MissionError `model_error` after three empty answers, and the errors of `Models.ask`
 */
export async function askUntilAnswered(
  models: Pick<Models, 'ask'>,
  request: ModelRequest,
  { timeoutMs, onAgain, ...options }: Options,
): Promise<ModelAnswer> {
  const until = Date.now() + timeoutMs;
  const said = [...request.said];
  let spent: Usage | undefined;
  for (let time = 1; ; time++) {
    const left = { ...options, timeoutMs: Math.max(1, until - Date.now()) };
    const answer = await models.ask({ ...bounded(request, spent), said }, left);
    spent = sumOf(spent, answer.usage);
    const { nothing, text, given } = answer;
    if (nothing === undefined) return { ...answer, usage: spent };
    if (time === MAX_REQUESTS) throw emptyAnswers(request.model, nothing, spent);
    onAgain(nothing);
    said.push({ role: 'assistant', text, calls: [], given });
    said.push({ role: 'user', text: `Your answer is empty: ${nothing}. Answer now.` });
  }
}

/** Reduces the bound of output tokens by the tokens that empty answers used. */
function bounded(request: ModelRequest, spent: Usage | undefined): ModelRequest {
  if (request.most === undefined || spent === undefined) return request;
  return { ...request, most: Math.max(1, request.most - spent.output_tokens) };
}

function emptyAnswers(model: string, nothing: string, usage: Usage): MissionError {
  const text = `The model ${model} gave no answer to ${MAX_REQUESTS} requests: ${nothing}. Check the prompt, or use another model.`;
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
