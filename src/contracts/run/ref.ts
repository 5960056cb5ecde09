import { isObject, type JsonObject } from '../json/json.js';

/** A value over 128 KiB: it lies in `blobs` under its SHA-256 and travels as this. */
export interface Ref extends JsonObject {
  $blob: string;
  bytes: number;
}

/** A `status` is seen without fetching the value: loops count them. Longer ones are no statuses. */
export const MAX_STATUS_LENGTH = 200;

/** True for a {@link Ref}. */
export const isRef = (value: unknown): value is Ref =>
  isObject(value) &&
  typeof value.$blob === 'string' &&
  typeof value.bytes === 'number' &&
  Object.keys(value).length === (typeof value.status === 'string' ? 3 : 2) &&
  /^[0-9a-f]{64}$/.test(value.$blob);
