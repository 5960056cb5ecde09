import type { Json } from '../../../contracts/json/json.js';
import type { TurnResult } from '../../../contracts/model-turn.js';

/** A turn with what is large in it kept elsewhere. Which calls it wants stays to be seen, whatever is in them. */
export async function lightTurn(
  turn: TurnResult,
  keep: (value: Json) => Promise<Json>,
): Promise<TurnResult> {
  const calls = turn.calls.map(async (call) => ({
    ...call,
    arguments: await keep(call.arguments),
  }));
  return {
    ...turn,
    text: await keep(turn.text),
    ...(turn.output !== undefined && { output: await keep(turn.output) }),
    ...(turn.given !== undefined && { given: await keep(turn.given) }),
    calls: await Promise.all(calls),
  };
}
