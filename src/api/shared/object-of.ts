import { MissionError } from '../../contracts/errors.js';
import { isObject, type JsonObject } from '../../contracts/json/json.js';

/**
 * Returns the JSON object that a client sent; absent or null = an empty object.
 * @throws MissionError `input_invalid` for any other JSON
 */
export function objectOf(value: unknown, name: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (isObject(value)) return value;
  throw new MissionError('input_invalid', `${name} must be a JSON object.`);
}
