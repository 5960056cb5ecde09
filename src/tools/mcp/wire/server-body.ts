import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import type { Json } from '../../../contracts/json/json.js';
import { errorMessage, FAULT } from './error-message.js';
import { excerpt } from './excerpt.js';
import type { OpenRequest, OpenRequests } from './open-requests.js';
import { readServerMessage } from './server-message.js';
import { parseServerText } from './server-text.js';

/**
 * Converts a response that is not a stream to JSON that the SDK accepts: the
 * answers to the requests, and an error for each request without one. The
 * content type is not checked, because servers label their JSON differently.
 * @throws Error when the body cannot be received
 */
export async function readBody(
  response: Response,
  open: OpenRequests,
  asked: readonly OpenRequest[],
): Promise<Response> {
  const text = await response.text();
  const { messages, why } = messagesIn(text, open);
  const unanswered = asked.filter((request) => open.isOpen(request));
  for (const request of unanswered) {
    open.close(request);
    messages.push(errorMessage(request, why ?? whatCame(response, text), FAULT.unreadable));
  }
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  return new Response(JSON.stringify(messages), { status: 200, headers });
}

/** The messages in a body; `why` is set when it is JSON that cannot be used. */
function messagesIn(
  text: string,
  open: OpenRequests,
): { messages: JSONRPCMessage[]; why?: string } {
  let value: Json;
  try {
    value = parseServerText(text);
  } catch (error) {
    const why = (error as Error).message;
    return { messages: [], ...(error instanceof SyntaxError ? {} : { why }) };
  }
  const messages = [value].flat().map((each) => readServerMessage(each as Json, open));
  return { messages: messages.filter((message) => message !== undefined) };
}

function whatCame({ status, headers }: Response, text: string): string {
  const type = headers.get('content-type')?.split(';')[0] ?? 'no content type';
  if (text.trim() === '') return `it answered with HTTP ${status} and an empty body`;
  return `it answered with HTTP ${status}, ${type}, which cannot be read: ${excerpt(text)}`;
}
