import type { JsonObject } from '../../../contracts/json/json.js';
import type { Send } from './provider.js';

/** The field that asks for the token usage of a stream. */
export const STREAM_OPTIONS = 'stream_options';

/**
 * Sends a request, and once more without `stream_options` to a server that refuses it. The token usage is then
 * estimated.
 */
export async function sendStreamed(body: JsonObject, send: Send): Promise<Response> {
  const response = await send(body);
  const { [STREAM_OPTIONS]: options, ...rest } = body;
  if (options === undefined || (response.status !== 400 && response.status !== 422))
    return response;
  const text = await response.text();
  return text.includes(STREAM_OPTIONS) ? send(rest) : new Response(text, response);
}
