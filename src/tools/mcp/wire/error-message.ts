import type { JSONRPCErrorResponse } from '@modelcontextprotocol/client';
import { isObject, type Json, textOf } from '../../../contracts/json/json.js';
import type { OpenRequest } from './open-requests.js';

/**
 * Codes of JSON-RPC errors; `brokenOff` is a code of Mission Control, for an
 * answer that cannot arrive any more.
 */
export const FAULT = { unreadable: -32700, internal: -32603, brokenOff: -32099 } as const;

/**
 * Builds an error response to a request from any value that a server sends as
 * an error.
 */
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
