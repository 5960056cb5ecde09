import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { errorMessage } from './error-message.js';
import { handshakeResult } from './handshake-result.js';
import type { OpenRequest, OpenRequests } from './open-requests.js';
import { wrapResult } from './raw-result.js';

const RESPONSE_FIELDS = new Set(['jsonrpc', 'id', 'result', 'error']);
const HANDSHAKES = new Set(['initialize', 'server/discover']);
/** Ids in responses of servers that could not read a request. */
const UNKNOWN_IDS = new Set<Json | undefined>([undefined, null, '', 'server-error']);

/**
 * Converts a server's message to the form that the SDK accepts, which refuses a
 * whole message for one invalid field. Undefined where the value is not a
 * message, or answers no open request.
 */
export function readServerMessage(value: Json, open: OpenRequests): JSONRPCMessage | undefined {
  if (!isObject(value)) return undefined;
  if (typeof value['method'] === 'string') return called(value, value['method']);
  return isAnswer(value) ? answer(value, open) : undefined;
}

/**
 * Whether an object is a response. Log entries may have a field `error` as
 * well: without `jsonrpc`, only objects with no further fields are accepted.
 */
function isAnswer(value: JsonObject): boolean {
  if (!('result' in value || 'error' in value)) return false;
  return value['jsonrpc'] === '2.0' || Object.keys(value).every((key) => RESPONSE_FIELDS.has(key));
}

/** Reads a request or a notification. */
function called(value: JsonObject, method: string): JSONRPCMessage | undefined {
  if (value['jsonrpc'] !== '2.0') return undefined;
  const { id } = value;
  const params = isObject(value['params']) ? { params: paramsOf(method, value['params']) } : {};
  if (typeof id !== 'string' && typeof id !== 'number')
    return { jsonrpc: '2.0', method, ...params };
  return { jsonrpc: '2.0', id, method, ...params };
}

/**
 * Repairs the parameters of a progress notification, whose text or total may be
 * invalid.
 */
function paramsOf(method: string, params: JsonObject): JsonObject {
  if (method !== 'notifications/progress') return params;
  const { progressToken, progress, total, message } = params;
  return {
    progressToken: progressToken ?? '',
    progress: Number(progress) || 0,
    ...(typeof total === 'number' && { total }),
    ...(typeof message === 'string' && { message }),
  };
}

function answer(value: JsonObject, open: OpenRequests): JSONRPCMessage | undefined {
  const { id, error, result = null } = value;
  const failed = isFailure(error, result);
  const request = open.find(id) ?? meant(id, open);
  if (!request) return undefined;
  open.close(request);
  return failed ? errorMessage(request, error!) : resultMessage(request, result);
}

/**
 * Whether a response reports a failure. Some servers write `"error": null`, or
 * `""`, beside a result.
 */
function isFailure(error: Json | undefined, result: Json): boolean {
  if (error === undefined || error === null) return false;
  const says = isObject(error) ? 'code' in error || 'message' in error : error !== '';
  return result === null || (says && error !== false);
}

/**
 * The request that a response without a known id answers: the only open one.
 * For the handshake this also holds when the id is a wrong number.
 */
function meant(id: Json | undefined, open: OpenRequests): OpenRequest | undefined {
  const { only } = open;
  const isFirst = only?.method === 'initialize' && typeof id === 'number';
  return UNKNOWN_IDS.has(id) || isFirst ? only : undefined;
}

function resultMessage(request: OpenRequest, result: Json): JSONRPCMessage {
  const { id, method } = request;
  if (!HANDSHAKES.has(method)) return { jsonrpc: '2.0', id, result: wrapResult(result) };
  try {
    return { jsonrpc: '2.0', id, result: handshakeResult(method, result) };
  } catch (error) {
    return errorMessage(request, (error as Error).message);
  }
}
