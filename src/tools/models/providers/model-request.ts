import type { Json, JsonObject } from '../../../contracts/json/json.js';
import { MAX_CALLS } from '../../../contracts/plan.js';
import type { GivenMessage, TurnCall, Usage } from '../../../contracts/model-turn.js';

/** A tool as a model is told of it. */
export interface ToolSpec {
  /** What the model calls it: letters, digits, `_` and `-`, at most 64. */
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  schema: JsonObject;
}

/** What came of a tool call. */
export interface ToolAnswer {
  id: string;
  tool: string;
  text: string;
  failed: boolean;
}

/** What a model has said. */
export interface SaidByModel {
  role: 'assistant';
  text: string;
  calls: { id: string; tool: string; arguments: Json }[];
  /** Its message as the provider gave it: it is sent back instead of text and calls. */
  given?: GivenMessage;
}

/** One contribution to a conversation. */
export type Said =
  { role: 'user'; text: string } | SaidByModel | { role: 'tools'; answers: ToolAnswer[] };

/** What one turn of a model is to be about. */
export interface ModelRequest {
  /** The model's name in `mission.yaml`. */
  model: string;
  system: string;
  said: Said[];
  tools: ToolSpec[];
  /** Tokens that the answer may have; what is beyond the model's own bound changes nothing. */
  most?: number;
  /** JSON Schema of the object that is wanted; it is for models with structured output. */
  output?: JsonObject;
}

/** What a model says: text, and the tools that it wants called. */
export interface ModelAnswer {
  text: string;
  calls: TurnCall[];
  /** It ends because it may not be longer. */
  cut: boolean;
  /** Why it is no answer: nothing is said, and nothing is called. */
  nothing?: string;
  given: GivenMessage;
  usage: Usage;
}

/** Calls of one answer that are read at all. */
export const MOST_CALLS = 2 * MAX_CALLS;

export interface AskOptions {
  timeoutMs: number;
  signal: AbortSignal;
}
