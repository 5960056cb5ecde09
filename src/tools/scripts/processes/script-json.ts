import {
  jsonNumberProblem,
  parseJsonKeepingDigits,
  sentence,
} from '../../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

/**
 * Reads JSON text that a script wrote: here its numbers become values. One that a double does not hold stands as text,
 * so that the log entry or error that it is in is not lost; a result is refused besides, see {@link resultProblem}.
 * @throws SyntaxError
 */
export const parseScriptJson = parseJsonKeepingDigits;

/** The object that a text is; undefined where it is none. */
export function parseScriptObject(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value = parseScriptJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with the numbers of a result, in words. `value` is the same text, parsed by `JSON.parse`. */
export function resultProblem(text: string, value: Json): string | undefined {
  const problem = jsonNumberProblem(text, value);
  return problem && sentence(problem);
}

/**
 * Reads a line of a runner. A result that holds a number which a double does not becomes an error.
 * @throws SyntaxError
 */
export function parseRunnerFrame(line: string): Json {
  const frame = JSON.parse(line) as Json;
  const problem = resultProblem(line, frame);
  if (problem === undefined) return frame;
  if (!isObject(frame) || !('result' in frame)) return parseScriptJson(line);
  const { result: _, ...rest } = frame;
  const message = `the result is not JSON: ${problem}`;
  return { ...rest, error: { code: 'output_invalid', message } };
}
