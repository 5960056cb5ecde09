import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { readingFetch } from './reading-fetch.js';

/**
 * The transport to a server over Streamable HTTP. Responses are cut off at 8 MiB. There is no standing
 * stream for the server's own messages: we offer it nothing to ask for, and list its tools now and then.
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
