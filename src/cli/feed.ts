import { createClient } from 'graphql-ws';
import type { JsonObject } from '../contracts/json.js';
import type { Connection } from './api-client.js';

/** Subscriptions over one WebSocket that reconnects by itself. */
export interface Feed {
  /** Calls `onData` for every event until the feed is closed, across restarts of the API. */
  subscribe<Data>(query: string, variables: JsonObject, onData: (data: Data) => void): void;
  /** Whether the socket is up just now. */
  readonly connected: boolean;
  close(): void;
}

const RETRY_MS = 500;

/**
 * Opens the feed of an API. Events may be missed while the socket is down: callers read again what they
 * need in `onConnected`, or poll besides.
 */
export function openFeed({ url, key }: Connection, onConnected?: () => void): Feed {
  const state = { connected: false, closed: false };
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: key ? { authorization: `Bearer ${key}` } : {},
    retryAttempts: Infinity,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, RETRY_MS)),
    shouldRetry: () => !state.closed,
    keepAlive: 10_000,
    on: {
      connected: () => {
        state.connected = true;
        onConnected?.();
      },
      closed: () => (state.connected = false),
      error: () => (state.connected = false),
    },
  });
  const subscribe: Feed['subscribe'] = (query, variables, onData) => {
    const again = () => {
      if (!state.closed)
        setTimeout(() => !state.closed && subscribe(query, variables, onData), RETRY_MS);
    };
    const next = ({ data }: { data?: unknown }) => data && onData(data as never);
    client.subscribe({ query, variables }, { next, error: again, complete: again });
  };
  return {
    subscribe,
    get connected() {
      return state.connected;
    },
    close() {
      state.closed = true;
      client.terminate();
    },
  };
}
