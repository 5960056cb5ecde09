import type { Result, StandardSchemaV1 } from '@modelcontextprotocol/client';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

const RAW = 'mission-control/raw';

/**
 * Wraps a result so that the SDK accepts it. The SDK's schemas refuse a whole
 * result for one invalid field, even when the call has taken effect; this
 * project reads results field by field.
 */
export const wrapResult = (result: Json): JsonObject => ({
  resultType: 'complete',
  ttlMs: 0,
  cacheScope: 'private',
  content: [],
  tools: [],
  [RAW]: result,
});

/** The server's result, taken out of the wrapper. */
export const unwrapResult = (result: Result): Json => (result as JsonObject)[RAW] ?? null;

/** A result schema for the SDK that returns the server's result unchanged. */
export const RAW_RESULT: StandardSchemaV1<unknown, Json> = {
  '~standard': {
    version: 1,
    vendor: 'mission-control',
    validate: (value) => ({ value: isObject(value) ? unwrapResult(value) : null }),
  },
};
