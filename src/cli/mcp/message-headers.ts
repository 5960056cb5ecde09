import { isObject, type JsonObject } from '../../contracts/json/json.js';

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const PLAIN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * The headers that name a message's revision, method and target. Clients of 2026-07-28 say their revision in each
 * message; clients of 2025 agree on one in `initialize`.
 * @param agreed the revision of `initialize`; absent before it
 */
export function headersOf(message: JsonObject, agreed?: string): Record<string, string> {
  const params = isObject(message['params'] ?? null) ? (message['params'] as JsonObject) : {};
  const meta = isObject(params['_meta'] ?? null) ? (params['_meta'] as JsonObject) : {};
  const version = meta[VERSION_KEY];
  if (typeof version !== 'string')
    return agreed === undefined ? {} : { 'mcp-protocol-version': agreed };
  const name = params['name'] ?? params['uri'] ?? params['taskId'];
  return {
    'mcp-protocol-version': version,
    'mcp-method': String(message['method']),
    ...(typeof name === 'string' && { 'mcp-name': encoded(name) }),
  };
}

/** A value that a header cannot carry, or that looks encoded, travels as Base64. */
const encoded = (value: string): string =>
  PLAIN.test(value) && !value.startsWith('=?base64?')
    ? value
    : `=?base64?${Buffer.from(value).toString('base64')}?=`;
