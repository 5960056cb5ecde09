import type { Said } from '../contracts/model.js';
import type { TurnCall } from '../contracts/model-turn.js';
import { answerTo } from './answer.js';
import { Asking, NeedsCall } from './asking.js';
import { exchangesOf } from './exchanges.js';

/** Upper bound on the characters of a message that is understood: longer ones are no orders. */
const MAX_MESSAGE = 2_000;
const TOO_LONG =
  'That is more than I can read: I am the built-in model, which understands short requests. Say in a sentence what to do, or configure a language model in mission.yaml.';

/**
 * One turn of the built-in model. It is a function of the conversation alone: it answers with a text, or with a call of
 * one of the kernel's four verbs, whose answer it sees in the next turn. It is made of rules, and says so when asked.
 */
export function intentTurn(said: readonly Said[], now: Date): { text: string; calls: TurnCall[] } {
  const exchanges = exchangesOf(said);
  const present = exchanges.at(-1);
  if (!present) return { text: '', calls: [] };
  if (present.message.length > MAX_MESSAGE) return { text: TOO_LONG, calls: [] };
  try {
    const asking = new Asking(present.calls);
    return { text: answerTo({ exchanges, present, asking, now }), calls: [] };
  } catch (thrown) {
    if (!(thrown instanceof NeedsCall)) throw thrown;
    const { tool, args } = thrown;
    return { text: '', calls: [{ id: `call_${present.calls.length + 1}`, tool, arguments: args }] };
  }
}
