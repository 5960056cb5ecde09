import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { ModelConfig } from '../../platform/config/config-models.js';
import { AnswerFailure, errorIn, statusOf } from './answers/answer-failure.js';
import { callIds } from './providers/call-ids.js';
import { parseExactBody, plainPart } from './exact-body.js';
import type { Said } from './providers/model-request.js';
import { PROVIDERS } from './providers/providers.js';

/** What went over the wire in one turn. */
export interface Exchange {
  /** What the SDK uses instead of `fetch`. */
  fetch: typeof fetch;
  /** The message of the answer, as it is to be sent back with the next turn. */
  message?: JsonObject;
  /** The body of the request as it was sent. */
  sent: string;
}

/**
 * Stands between the SDK and a provider. On the way out it puts the assistant's messages back as the provider gave
 * them, which the SDK would rebuild from what it knows of them. On the way in it reads the answer field by field, keeps
 * its message whole, tells failures from answers, and hands the SDK what that can read.
 */
export function modelExchange(
  ask: typeof fetch,
  config: ModelConfig,
  said: readonly Said[],
): Exchange {
  const provider = PROVIDERS[config.provider];
  const exchange: Exchange = {
    sent: '',
    async fetch(url, init) {
      const send = (body: JsonObject) => {
        exchange.sent = JSON.stringify(body);
        return ask(url, { ...init, body: exchange.sent });
      };
      const body = requestBody(JSON.parse(String(init?.body)) as JsonObject, config, said);
      const response = await (provider.send?.(body, config, send) ?? send(body));
      return response.ok ? understood(response) : response;
    },
  };

  async function understood(response: Response): Promise<Response> {
    const text = await response.text();
    const body = text.trim() === '' ? {} : parsed(text);
    if (body === undefined && text.trimStart().startsWith('{'))
      throw failed('it is no whole JSON', text, statusOf(undefined));
    // The SDK says that this is no JSON.
    if (!isObject(body)) return new Response(text, response);
    const error = errorIn(body);
    if (error !== undefined) throw failed('', JSON.stringify({ error }), statusOf(error));
    const read = provider.read(body, callIds(idsOf(said)));
    if ('failure' in read) throw failed(read.failure, text, statusOf(undefined));
    exchange.message = plainPart(read.message);
    return Response.json(read.body);

    function failed(why: string, words: string, status: number): AnswerFailure {
      return new AnswerFailure(why, status, words, Object.fromEntries(response.headers));
    }
  }

  return exchange;
}

/** The body that the SDK made, with the messages that were kept and what the operator adds. */
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
