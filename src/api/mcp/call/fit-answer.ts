import { isObject, type JsonObject } from '../../../contracts/json/json.js';
import { MAX_RESULT_BYTES } from './tool-result.js';

/** UTF-16 units in one part: written as text within JSON, no unit takes more than three bytes. */
const PART_UNITS = MAX_RESULT_BYTES / 3;
/** A field of this size stays in an answer from which others were left out. */
const SMALL_BYTES = 2_000;

/**
 * Shortens an answer of a verb to the bound on results, and says in it how to read the rest. A page of results loses its
 * last ones; any other answer loses its large fields.
 * @param rest the call of `load` that reads the whole answer; absent where there is none
 */
export function fitAnswer(answer: JsonObject, rest?: JsonObject): JsonObject {
  if (bytesOf(answer) <= MAX_RESULT_BYTES) return answer;
  if (Array.isArray(answer['results'])) return fewerResults(answer);
  const kept = Object.entries(answer).filter(([, value]) => bytesOf(value) <= SMALL_BYTES);
  const left_out = Object.keys(answer).filter((name) => !kept.some(([each]) => each === name));
  const note = `The answer is larger than ${MAX_RESULT_BYTES} bytes; these fields were left out: ${left_out.join(', ')}.`;
  return { ...Object.fromEntries(kept), left_out, note, ...(rest && { next: rest }) };
}

/**
 * One part of the JSON text of an answer. Joined in their order, the parts are the whole text.
 * @param number the part, from 1
 */
export function partOf(answer: JsonObject, number: number): JsonObject {
  const text = JSON.stringify(answer);
  const parts = Math.max(1, Math.ceil(text.length / PART_UNITS));
  const json = text.slice((number - 1) * PART_UNITS, number * PART_UNITS);
  const { item_id = null, item_type = null } = answer;
  const next = { verb: 'load', item_type, item_id, part: number + 1 };
  return { item_id, item_type, part: number, parts, json, ...(number < parts && { next }) };
}

function fewerResults(answer: JsonObject): JsonObject {
  const results = answer['results'] as JsonObject[];
  let size = bytesOf({ ...answer, results: [] }) + SMALL_BYTES;
  const kept = results.filter((result) => (size += bytesOf(result) + 1) <= MAX_RESULT_BYTES);
  const note = `${results.length - kept.length} results did not fit; search for less, or set a smaller limit.`;
  return { ...answer, results: kept, note };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** True for an answer about a run. */
export const isAboutRun = (answer: JsonObject): answer is JsonObject & { execution_id: string } =>
  isObject(answer) && typeof answer['execution_id'] === 'string';
