import type { Result, StandardSchemaV1 } from '@modelcontextprotocol/client';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

const RAW = 'mission-control/raw';

/**
 * A result in an envelope that the SDK accepts as any result. Its schemas refuse a whole result for one odd field, also
 * when the effect of the call has happened; ours read it field by field.
 */
export const wrapResult = (result: Json): JsonObject => ({
  resultType: 'complete',
  ttlMs: 0,
  cacheScope: 'private',
  content: [],
  tools: [],
  [RAW]: result,
});

/** What the server sent, taken out of its envelope. */
export const unwrapResult = (result: Result): Json => (result as JsonObject)[RAW] ?? null;

/** Given to the SDK as the schema of a result: the result as the server sent it. */
export const RAW_RESULT: StandardSchemaV1<unknown, Json> = {
  '~standard': {
    version: 1,
    vendor: 'mission-control',
    validate: (value) => ({ value: isObject(value) ? unwrapResult(value) : null }),
  },
};
