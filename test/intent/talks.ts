import type { JsonObject } from '../../src/contracts/json/json.js';
import { Asking, NeedsCall } from '../../src/intent/asking.js';
import type { Answered, Exchange, VerbAnswer } from '../../src/intent/exchanges.js';
import type { Talk } from '../../src/intent/talk.js';

export const ok = (value: JsonObject): VerbAnswer => ({ ok: true, value });
export const failed = (code: string, message: string): VerbAnswer => ({ ok: false, code, message });

/** A conversation whose last message is to be answered, with the answers of verbs so far. */
export function talk(message: string, calls: Answered[] = [], before: Exchange[] = []): Talk {
  const present = { message, calls, text: '' };
  const now = new Date('2026-12-01T10:00:00Z');
  return { exchanges: [...before, present], present, asking: new Asking(calls), now };
}

/** What an answer needs: a call, or nothing but its text. */
export function outcome(answer: () => string): string | [string, JsonObject] {
  try {
    return answer();
  } catch (thrown) {
    if (thrown instanceof NeedsCall) return [thrown.tool, thrown.args];
    throw thrown;
  }
}
