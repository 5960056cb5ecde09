import { ProtocolError, SdkHttpError } from '@modelcontextprotocol/client';
import { isObject, textOf, type Json } from '../../../contracts/json/json.js';

const MAX_TEXT = 4_000;
const MAX_DATA = 1_000;

/**
 * The error's message with the details that the server sent (the data of an
 * error, the body of a refusal) and the messages of its causes: `fetch failed`
 * alone explains nothing.
 */
export function errorText(error: unknown): string {
  const { message = String(error), cause } = (error ?? {}) as Partial<Error>;
  const own = withMore(message, detailsOf(error));
  const deeper = cause === undefined ? '' : errorText(cause);
  return withMore(own, deeper);
}

const withMore = (text: string, more: string): string =>
  (text.includes(more) ? text : [text, more].filter(Boolean).join(': ')).slice(0, MAX_TEXT);

function detailsOf(error: unknown): string {
  if (error instanceof SdkHttpError) return bodyText(String(error.data['text'] ?? ''));
  if (!(error instanceof ProtocolError) || error.data === undefined) return '';
  return textOf(error.data as Json).slice(0, MAX_DATA);
}

/** The message of a JSON-RPC error in a body, otherwise the body. */
function bodyText(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: Json };
    const message = isObject(error) ? error['message'] : error;
    if (typeof message === 'string') return message;
  } catch {
    // The body is not JSON.
  }
  return body.slice(0, MAX_DATA);
}
