import type { FetchLike, JSONRPCMessage } from '@modelcontextprotocol/client';
import { boundedBody } from '../../bounded-body.js';
import { OpenRequests, type OpenRequest } from './open-requests.js';
import { readBody } from './server-body.js';
import { readEvents } from './server-events.js';

/**
 * Creates the `fetch` of one connection over HTTP. The SDK rejects a whole
 * response for one invalid field, so that responses are read field by field
 * before it gets them; a request whose answer cannot arrive any more gets an
 * error as its answer.
 */
export function readingFetch(): FetchLike {
  const open = new OpenRequests();
  return async (url, init) => {
    if (isStandingStream(init)) return new Response(null, { status: 405 });
    const asked = requestsOf(init, open);
    try {
      const response = boundedBody(await fetch(url, init));
      if (response.ok) return await read(response, open, asked);
      asked.forEach((request) => open.close(request));
      return response;
    } catch (error) {
      asked.forEach((request) => open.close(request));
      throw error;
    }
  };
}

/**
 * Whether a request opens the standing stream: a GET that resumes an answer
 * names the last event, the standing stream names none.
 */
const isStandingStream = (init?: RequestInit) =>
  init?.method === 'GET' && !new Headers(init.headers).has('last-event-id');

/** The requests in a POST; they are recorded as open. */
function requestsOf(init: RequestInit | undefined, open: OpenRequests): OpenRequest[] {
  if (typeof init?.body !== 'string') return [];
  const messages = [JSON.parse(init.body) as JSONRPCMessage | JSONRPCMessage[]].flat();
  messages.forEach((message) => open.sent(message));
  return messages.flatMap((message) => ('id' in message ? (open.find(message.id) ?? []) : []));
}

async function read(
  response: Response,
  open: OpenRequests,
  asked: OpenRequest[],
): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  const isStream = /^\s*text\/event-stream\s*(;|$)/i.test(type);
  if (isStream && response.body) {
    return new Response(ReadableStream.from(readEvents(response.body, open, asked)), response);
  }
  return asked.length > 0 ? readBody(response, open, asked) : response;
}
