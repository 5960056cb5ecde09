import {
  createRequestStateCodec,
  ProtocolError,
  ProtocolErrorCode,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { principalOf } from '../call/mcp-caller-context.js';

/**
 * What the server remembers between a question and its answer. It travels through the client, signed and readable, so it
 * names things and proves nothing: whoever answers is checked anew.
 */
export interface CallState {
  /** The digest of the call that asked. */
  digest: string;
  /** The approval that was asked for, of which run; absent = inputs were asked for. */
  approval?: { id: string; run: string; hash?: string | null };
  /** The key under which the run is started, so that a repeated answer starts nothing twice. */
  key: string;
}

/** Seconds for which a person may take to answer. */
const TTL_SECONDS = 600;

/** Signs states with a key that all API processes share, for the key of the caller and for ten minutes. */
export const callStates = (key: Uint8Array): RequestStateCodec<CallState> =>
  createRequestStateCodec<CallState>({
    key,
    ttlSeconds: TTL_SECONDS,
    bind: (context) => `${context.mcpReq.method}\0${principalOf(context).keyId}`,
  });

/**
 * The state that came with a call; undefined for a first call.
 * @throws ProtocolError −32602 for the state of another call
 */
export function stateOf(context: ServerContext, digest: string): CallState | undefined {
  const state = context.mcpReq.requestState<CallState>();
  if (state === undefined || state.digest === digest) return state;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState', {
    reason: 'invalid_request_state',
  });
}
