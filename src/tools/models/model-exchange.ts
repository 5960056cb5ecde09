import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { ModelConfig } from '../../platform/config/config-models.js';
import { AnswerFailure, errorIn, statusOf } from './answers/answer-failure.js';
import { callIds } from './providers/call-ids.js';
import { parseExactBody, plainPart } from './answers/exact-body.js';
import { isEventStream } from './patient-fetch.js';
import { streamedBody } from './streams/streamed-body.js';
import type { Said } from '../../contracts/model.js';
import { PROVIDERS } from './providers/providers.js';

/** The HTTP exchange of one turn. */
export interface Exchange {
  /** The function that the SDK uses as `fetch`. */
  fetch: typeof fetch;
  /** The message of the answer, in the form to send back with the next turn. */
  message?: JsonObject;
  /** The request body that was sent. */
  sent: string;
}

/** What was said so far, and whom to tell what the model says now: then the answer is asked for as a stream. */
interface Conversation {
  said: readonly Said[];
  onText?: ((piece: string) => void) | undefined;
}

/**
 * Sits between the SDK and a provider. In requests it restores the assistant's
 * messages as the provider sent them, because the SDK would rebuild them with
 * the fields that it knows only. In responses it reads the answer field by
 * field, keeps its complete message, recognises failures, and passes a valid
 * body to the SDK.
 */
export function modelExchange(
  ask: typeof fetch,
  config: ModelConfig,
  { said, onText }: Conversation,
): Exchange {
  const provider = PROVIDERS[config.provider];
  const exchange: Exchange = {
    sent: '',
    async fetch(url, init) {
      const send = (body: JsonObject) => {
        exchange.sent = JSON.stringify(body);
        return ask(url, { ...init, body: exchange.sent });
      };
      const asked = JSON.parse(String(init?.body)) as JsonObject;
      const body = requestBody({ ...asked, ...(onText && provider.streamed) }, config, said);
      const response = await (provider.send?.(body, config, send) ?? send(body));
      if (!response.ok) return response;
      return isEventStream(response) ? streamed(response) : understood(response);
    },
  };

  async function streamed(response: Response): Promise<Response> {
    const body = await streamedBody(response, provider.pieces(), onText ?? (() => undefined));
    return answered(body, response, JSON.stringify(body));
  }

  async function understood(response: Response): Promise<Response> {
    const text = await response.text();
    const body = text.trim() === '' ? {} : parsed(text);
    if (body === undefined && text.trimStart().startsWith('{'))
      throw failed('it is not complete JSON', text, statusOf(undefined));
    // The SDK reports that this is not JSON.
    if (!isObject(body)) return new Response(text, response);
    const error = errorIn(body);
    if (error !== undefined) throw failed('', JSON.stringify({ error }), statusOf(error));
    return answered(body, response, text);

    function failed(why: string, words: string, status: number): AnswerFailure {
      return new AnswerFailure(why, status, words, Object.fromEntries(response.headers));
    }
  }

  function answered(body: JsonObject, response: Response, text: string): Response {
    const read = provider.read(body, callIds(idsOf(said)));
    if ('failure' in read) {
      const headers = Object.fromEntries(response.headers);
      throw new AnswerFailure(read.failure, statusOf(undefined), text, headers);
    }
    exchange.message = plainPart(read.message);
    return Response.json(read.body);
  }

  return exchange;
}

/** The SDK's body with the original messages and the operator's parameters. */
function requestBody(
  body: JsonObject,
  { provider, parameters = {} }: ModelConfig,
  said: readonly Said[],
): JsonObject {
  const answers = said.filter((each) => each.role === 'assistant');
  let index = 0;
  const kept = (message: Json): Json => {
    if (!isObject(message) || message.role !== 'assistant') return message;
    const { given } = answers[index++] ?? {};
    return given?.provider === provider ? given.message : message;
  };
  const messages = Array.isArray(body.messages) ? body.messages.map(kept) : [];
  return { ...body, ...parameters, messages };
}

const idsOf = (said: readonly Said[]): string[] =>
  said.flatMap((each) => (each.role === 'assistant' ? each.calls.map(({ id }) => id) : []));

function parsed(text: string): Json | undefined {
  try {
    return parseExactBody(text);
  } catch {
    return undefined;
  }
}
