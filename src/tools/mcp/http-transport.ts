import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { boundedBody } from '../bounded-body.js';

/**
 * The transport to a server over Streamable HTTP. Responses are cut off at 8 MiB. There is no standing
 * stream for the server's own messages: we offer it nothing to ask for, and list its tools now and then.
 */
export function httpTransport(url: string, headers: Record<string, string>) {
  return new StreamableHTTPClientTransport(new URL(url), {
    fetch: boundedFetch,
    requestInit: { headers },
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      maxReconnectionDelay: 2_000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 2,
    },
  });
}

async function boundedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  if (isStandingStream(init)) return new Response(null, { status: 405 });
  return boundedBody(await fetch(url, init));
}

/** A GET that resumes an answer names the event it saw last; the standing one names none. */
const isStandingStream = (init?: RequestInit) =>
  init?.method === 'GET' && !new Headers(init.headers).has('last-event-id');
