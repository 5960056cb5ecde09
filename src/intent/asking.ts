import type { JsonObject } from '../contracts/json/json.js';
import type { Answered, VerbAnswer } from './exchanges.js';

/** Thrown when an answer of a verb is needed that is not there yet. */
export class NeedsCall {
  constructor(
    readonly tool: string,
    readonly args: JsonObject,
  ) {}
}

/**
 * The calls for the present message. What answers a message is written as if each call returned at once: it runs again
 * in every turn, takes the answers that are there, and stops at the first one that is missing.
 */
export class Asking {
  private index = 0;

  constructor(private readonly answered: readonly Answered[]) {}

  /** @throws NeedsCall when the verb was not called yet */
  ask(tool: string, args: JsonObject): VerbAnswer {
    const known = this.answered[this.index++];
    if (known?.tool === tool) return known.answer;
    if (known) return { ok: false, code: 'conflict', message: 'The conversation was changed.' };
    throw new NeedsCall(tool, args);
  }
}
