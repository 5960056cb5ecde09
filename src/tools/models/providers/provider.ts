import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { JsonObject } from '../../../contracts/json/json.js';
import type { ModelConfig } from '../../../platform/config/config-models.js';
import type { AnswerPieces } from '../streams/answer-pieces.js';
import type { IdOf } from './call-ids.js';

/** The parameters of the SDK's access to a provider. */
export interface Access {
  apiKey: string | undefined;
  headers: Record<string, string>;
  fetch: typeof fetch;
}

/** A validated answer, or the reason why it is not one. */
export type ReadAnswer =
  | {
      /**
       * The body for the SDK, reduced to the parts and shapes that it supports.
       */
      body: JsonObject;
      /**
       * The assistant's message to send back with the next turn: complete, with
       * ids and arguments that a server accepts.
       */
      message: JsonObject;
    }
  | { failure: string };

/** Sends the body of a request. */
export type Send = (body: JsonObject) => Promise<Response>;

/**
 * The differences between providers. A new provider is a file with this
 * interface and a line in `providers.ts`.
 */
export interface ModelProvider {
  /**
   * Creates the SDK's model. The SDK is loaded on demand, so that idle workers
   * do not load it.
   */
  open(config: ModelConfig, access: Access): Promise<LanguageModelV4>;
  /** The SDK's options for structured output. */
  structured: SharedV4ProviderOptions;
  /** The fields of a request that ask for a streamed answer. */
  streamed: JsonObject;
  /** Returns what puts a streamed answer together. */
  pieces(): AnswerPieces;
  /** Reads the body of an answer with status 200, field by field. */
  read(body: JsonObject, idOf: IdOf): ReadAnswer;
  /** Sends a request, for providers that need more than one attempt. */
  send?(body: JsonObject, config: ModelConfig, send: Send): Promise<Response>;
}
