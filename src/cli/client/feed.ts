import { createClient } from 'graphql-ws';
import type { JsonObject } from '../../contracts/json/json.js';
import type { Connection } from './api-client.js';

interface Listener<Data> {
  data(data: Data): void;
  /**
   * Called when the server ends the subscription: for one run, because the run
   * has ended.
   */
  complete?(): void;
}

/** Subscriptions over one WebSocket that reconnects automatically. */
export interface Feed {
  /**
   * Calls `on.data` for every event until the feed is closed or the server ends
   * the subscription, across restarts of the API.
   */
  subscribe<Data>(query: string, variables: JsonObject, on: Listener<Data>): void;
  /** Whether the socket is connected at the moment. */
  readonly connected: boolean;
  close(): void;
}

const RETRY_MS = 500;

/**
 * Opens the feed of an API. Events may be missed while the socket is
 * disconnected: callers must re-read their state in `onConnected`, or poll as
 * well.
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
