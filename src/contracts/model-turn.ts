import type { Json, JsonObject } from './json/json.js';

/** The result of a model turn, as its journal row stores it. `text` and arguments may be references to blobs. */
export interface TurnResult {
  /** The model's name in `mission.yaml`. */
  model: string;
  text: Json;
  calls: TurnCall[];
  /** The structured answer, where the step declares `output_schema`. */
  output?: Json;
  /** Why the answer was rejected: it does not satisfy `output_schema`. The text is sent to the model. */
  problem?: string;
  /** The bound that truncated the answer: the model's `max_output_tokens`, or the remainder of a limit of the run. */
  cut?: 'max_output_tokens' | 'tokens' | 'cost_usd';
  usage: Usage;
  /**
   * A {@link GivenMessage}, or a reference to one, which is sent back to the model in later turns. Only the journal row
   * holds it, the workflow does not need it; rows of older versions lack it.
   */
  given?: Json;
}

/** An assistant message in the provider's own format, with reasoning, signatures and other provider-specific parts. */
export interface GivenMessage {
  /** The provider whose format this is: `provider` of a model in `mission.yaml`. */
  provider: string;
  message: JsonObject;
}

/** A tool call that a model requests. */
export interface TurnCall {
  id: string;
  tool: string;
  arguments: Json;
  /** Why the call is not executed; the text is sent to the model. */
  problem?: string;
}

/** Token usage and cost of one turn, as the provider reports it. */
export interface Usage {
  input_tokens: number;
  output_tokens: number;
  /** Cost in US dollars, by the prices in `mission.yaml`. */
  cost_usd: number;
  /**
   * True when the provider reports no usage; tokens are then estimated as one for every four bytes sent and received.
   */
  estimated?: true;
}

/** The remainder of the run's limits for one turn; an absent field is unlimited. */
export interface Budget {
  tokens?: number;
  cost_usd?: number;
}
