import type { FetchLike, JSONRPCMessage } from '@modelcontextprotocol/client';
import { boundedBody } from '../../bounded-body.js';
import { OpenRequests, type OpenRequest } from './open-requests.js';
import { readBody } from './server-body.js';
import { readEvents } from './server-events.js';

/**
 * The `fetch` of one connection over HTTP. The SDK reads the bodies of responses itself and all or nothing: what it is
 * given here has been read field by field, and a request whose answer cannot come any more is answered with an error.
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

/** A GET that resumes an answer names the event it saw last; the standing one names none. */
const isStandingStream = (init?: RequestInit) =>
  init?.method === 'GET' && !new Headers(init.headers).has('last-event-id');

/** What a POST asks, noted as open. */
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
