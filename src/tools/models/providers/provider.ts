import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { JsonObject } from '../../../contracts/json/json.js';
import type { ModelConfig } from '../../../platform/config/config-models.js';
import type { IdOf } from './call-ids.js';

/** With what the SDK reaches a provider. */
export interface Access {
  apiKey: string | undefined;
  headers: Record<string, string>;
  fetch: typeof fetch;
}

/** An answer as it is understood, or why it is none. */
export type ReadAnswer =
  | {
      /** What the SDK reads: the parts that it knows, in the shape that it wants. */
      body: JsonObject;
      /** The assistant's message as it is to be sent back: whole, with ids and arguments that a server accepts. */
      message: JsonObject;
    }
  | { failure: string };

/** Sends the body of a request. */
export type Send = (body: JsonObject) => Promise<Response>;

/** What is different from provider to provider: a new one is a file with this, and a line in `providers.ts`. */
export interface ModelProvider {
  /** The model in the SDK, which is loaded when it is needed: idle workers do without it. */
  open(config: ModelConfig, access: Access): Promise<LanguageModelV4>;
  /** How the SDK is to ask for an object where the model has structured output. */
  structured: SharedV4ProviderOptions;
  /** Reads the body of an answer with status 200, field by field. */
  read(body: JsonObject, idOf: IdOf): ReadAnswer;
  /** Sends a request, where that takes more than sending it. */
  send?(body: JsonObject, config: ModelConfig, send: Send): Promise<Response>;
}
