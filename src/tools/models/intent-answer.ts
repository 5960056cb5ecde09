import { INTENT_MODEL } from '../../contracts/catalog.js';
import { intentTurn } from '../../intent/intent-turn.js';
import type { AskOptions, ModelAnswer, ModelRequest } from '../../contracts/model.js';

const WORDS = /\S+\s*/g;

/** A turn of the built-in model, which is a function of the conversation: it costs nothing and asks nobody. */
export function intentAnswer(request: ModelRequest, { onText }: AskOptions): ModelAnswer {
  const { text, calls } = intentTurn(request.said, new Date());
  for (const piece of text.match(WORDS) ?? []) onText?.(piece);
  return {
    text,
    calls,
    cut: false,
    given: { provider: INTENT_MODEL, message: {} },
    usage: { input_tokens: 0, output_tokens: 0, cost_usd: 0 },
  };
}
