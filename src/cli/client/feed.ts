import { createClient } from 'graphql-ws';
import type { JsonObject } from '../../contracts/json/json.js';
import type { Connection } from './api-client.js';

interface Listener<Data> {
  data(data: Data): void;
  /** Everything was told: of one run, it has ended. */
  complete?(): void;
}

/** Subscriptions over one WebSocket that reconnects by itself. */
export interface Feed {
  /** Calls `onData` for every event until the feed is closed or has told all, across restarts of the API. */
  subscribe<Data>(query: string, variables: JsonObject, on: Listener<Data>): void;
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
  const subscribe: Feed['subscribe'] = (query, variables, on) => {
    const again = () => {
      if (!state.closed)
        setTimeout(() => !state.closed && subscribe(query, variables, on), RETRY_MS);
    };
    const next = ({ data }: { data?: unknown }) => data && on.data(data as never);
    const complete = () => !state.closed && on.complete?.();
    client.subscribe({ query, variables }, { next, error: again, complete });
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
