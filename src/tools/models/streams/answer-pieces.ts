import type { JsonObject } from '../../../contracts/json/json.js';

/** Puts a streamed answer together again. */
export interface AnswerPieces {
  /** Adds an event, and returns the text that it adds to the answer. */
  add(event: JsonObject): string;
  /** The body that the same answer would have if it were not streamed. */
  readonly body: JsonObject;
  /** True once the provider has said why the answer ends: nothing of it is missing. */
  readonly isWhole: boolean;
  /** True once nothing follows. */
  readonly hasEnded: boolean;
}
