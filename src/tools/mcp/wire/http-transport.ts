import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { readingFetch } from './reading-fetch.js';

/**
 * Creates the transport to a server over Streamable HTTP. Responses are limited
 * to 8 MiB. No standing stream for the server's own messages is opened: a run
 * answers no requests of a server, and its tools are listed at intervals.
 */
export function httpTransport(url: string, headers: Record<string, string>) {
  return new StreamableHTTPClientTransport(new URL(url), {
    fetch: readingFetch(),
    requestInit: { headers },
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      maxReconnectionDelay: 2_000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 2,
    },
  });
}
