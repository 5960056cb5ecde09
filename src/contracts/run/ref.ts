import { isObject, type JsonObject } from '../json/json.js';

/**
 * Reference to a large value, which is stored in `blobs` under its SHA-256 (64 hex digits). `bytes`: size of its JSON.
 */
export interface Ref extends JsonObject {
  $blob: string;
  bytes: number;
}

/**
 * Most characters of a `status` that a reference repeats, so that loops count it without fetching the value. Longer
 * ones are ignored.
 */
export const MAX_STATUS_LENGTH = 200;

/** True for a {@link Ref}. */
export const isRef = (value: unknown): value is Ref =>
  isObject(value) &&
  typeof value.$blob === 'string' &&
  typeof value.bytes === 'number' &&
  Object.keys(value).length === (typeof value.status === 'string' ? 3 : 2) &&
  /^[0-9a-f]{64}$/.test(value.$blob);
