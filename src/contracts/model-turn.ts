import type { Json, JsonObject } from './json/json.js';

/** What a model turn comes to, as its row has it. Texts and arguments may be references. */
export interface TurnResult {
  /** The model's name in `mission.yaml`. */
  model: string;
  text: Json;
  calls: TurnCall[];
  /** The object that was asked for. */
  output?: Json;
  /** Why the answer is none: it does not satisfy `output_schema`. The model is told. */
  problem?: string;
  /** Why it ends too early: the model's own bound, or what is left of a limit of the run. */
  cut?: 'max_output_tokens' | 'tokens' | 'cost_usd';
  usage: Usage;
  /**
   * A {@link GivenMessage}, or a reference to one: what the model is shown of itself in later turns. It is in the row
   * alone, the workflow has no use for it; rows of older versions are without.
   */
  given?: Json;
}

/** An assistant's message in its provider's own shape: with thoughts, signatures and whatever else came with it. */
export interface GivenMessage {
  /** Whose shape it is: `provider` of a model in `mission.yaml`. */
  provider: string;
  message: JsonObject;
}

/** A tool call as the model wants it. */
export interface TurnCall {
  id: string;
  tool: string;
  arguments: Json;
  /** Why it is not made; the model is told. */
  problem?: string;
}

/** What a turn has used, as the provider says. */
export interface Usage {
  input_tokens: number;
  output_tokens: number;
  /** By the prices in `mission.yaml`. */
  cost_usd: number;
  /** The provider does not say it: a token for every four bytes that were sent and received. */
  estimated?: true;
}

/** What a turn may use of the limits; absent = as much as it wants. */
export interface Budget {
  tokens?: number;
  cost_usd?: number;
}
