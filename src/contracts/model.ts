import type { Json, JsonObject } from './json/json.js';
import { MAX_CALLS } from './plan.js';
import type { GivenMessage, TurnCall, Usage } from './model-turn.js';

/** A tool as it is described to a model. */
export interface ToolSpec {
  /** Name for the model: letters, digits, `_` and `-`, at most 64. */
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  schema: JsonObject;
}

/** The result of a tool call. */
export interface ToolAnswer {
  id: string;
  tool: string;
  text: string;
  failed: boolean;
}

/** A turn of the model in a conversation. */
export interface SaidByModel {
  role: 'assistant';
  text: string;
  calls: { id: string; tool: string; arguments: Json }[];
  /**
   * The original message of the provider; it is sent back instead of text and
   * calls.
   */
  given?: GivenMessage;
}

/** One message of a conversation. */
export type Said =
  { role: 'user'; text: string } | SaidByModel | { role: 'tools'; answers: ToolAnswer[] };

/** The input of one turn. */
export interface ModelRequest {
  /** The model's name in `mission.yaml`. */
  model: string;
  system: string;
  said: Said[];
  tools: ToolSpec[];
  /**
   * Limit of output tokens; a value above the model's own limit has no effect.
   */
  most?: number;
  /** JSON Schema of the wanted object, for models with structured output. */
  output?: JsonObject;
}

/** The answer of a model: text, and the tools that it wants to call. */
export interface ModelAnswer {
  text: string;
  calls: TurnCall[];
  /** True when the answer was cut off at the token limit. */
  cut: boolean;
  /** The reason why the answer is empty: it has neither text nor calls. */
  nothing?: string;
  given: GivenMessage;
  usage: Usage;
  /** The name of the model that answered: the one that was asked, that of its tier, or a fallback. */
  model?: string;
}

/** Number of calls of one answer that are read; the rest is ignored. */
export const MOST_CALLS = 2 * MAX_CALLS;

export interface AskOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** Called with each piece of the answer's text, as it arrives; a model that does not stream calls it never. */
  onText?(piece: string): void;
  /** Called before the fallback `name` is asked; pieces of text that have arrived are void. */
  onFallback?(name: string, why: string): void;
}
