import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { scriptFailure } from './script-failure.js';

/**
 * Deeper values overflow the stack of recursive code in the journal and the
 * API.
 */
const MAX_DEPTH = 500;

/**
 * Converts the value that a script returned to a step's result: an object as it
 * is, any other value as `{ value }`.
 * @throws MissionError `output_invalid` for a value nested deeper than 500
 * levels
 */
export function toResult(name: string, value: Json | undefined): JsonObject {
  const result = isObject(value) ? value : { value: value ?? null };
  if (isDeeper(result, MAX_DEPTH)) {
    throw scriptFailure.invalid(name, `returned a value nested deeper than ${MAX_DEPTH} levels`);
  }
  return result;
}

function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
