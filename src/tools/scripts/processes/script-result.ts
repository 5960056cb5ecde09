import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { scriptFailure } from './script-failure.js';

/** Deeper values break recursive code further on (journal, API). */
const MAX_DEPTH = 500;

/**
 * What a script returned as a step's result: an object as it is, anything else as `{ value }`.
 * @throws MissionError `output_invalid` for a value nested deeper than 500 levels
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
