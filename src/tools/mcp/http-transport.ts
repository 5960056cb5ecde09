import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

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
  const response = await fetch(url, init);
  if (!response.body) return response;
  return new Response(response.body.pipeThrough(bounded()), response);
}

/** A GET that resumes an answer names the event it saw last; the standing one names none. */
const isStandingStream = (init?: RequestInit) =>
  init?.method === 'GET' && !new Headers(init.headers).has('last-event-id');

function bounded(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MAX_RESPONSE_BYTES) return controller.enqueue(chunk);
      controller.error(new Error(`the response is larger than ${MAX_RESPONSE_BYTES} bytes`));
    },
  });
}
