import type { JSONRPCErrorResponse } from '@modelcontextprotocol/client';
import { isObject, type Json, textOf } from '../../../contracts/json/json.js';
import type { OpenRequest } from './open-requests.js';

/** Codes of JSON-RPC; `BROKEN_OFF` is ours, for an answer that cannot come any more. */
export const FAULT = { unreadable: -32700, internal: -32603, brokenOff: -32099 } as const;

/** An error in answer to a request, from whatever a server calls an error. */
export function errorMessage(
  { id }: OpenRequest,
  error: Json,
  otherwise: number = FAULT.internal,
): JSONRPCErrorResponse {
  const { code, message, data } = isObject(error) ? error : { message: error };
  const number = Number(code ?? NaN);
  return {
    jsonrpc: '2.0',
    id,
    error: {
      code: Number.isInteger(number) ? number : otherwise,
      message: typeof message === 'string' ? message : textOf(error),
      ...(data !== undefined && { data }),
    },
  };
}
