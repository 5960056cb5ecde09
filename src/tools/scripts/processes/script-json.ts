import {
  jsonNumberProblem,
  parseJsonKeepingDigits,
  sentence,
} from '../../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

/**
 * Parses JSON text that a script wrote. A number that a double cannot hold
 * becomes its text, so that the log entry or error around it is not lost; a
 * result with such a number is refused, see {@link resultProblem}.
 * @throws SyntaxError
 */
export const parseScriptJson = parseJsonKeepingDigits;

/** Parses a text as a JSON object; undefined where it is not one. */
export function parseScriptObject(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value = parseScriptJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Describes a number of a result that a double cannot hold; undefined when
 * there is none.
 * @param value the same text, parsed by `JSON.parse`
 */
export function resultProblem(text: string, value: Json): string | undefined {
  const problem = jsonNumberProblem(text, value);
  return problem && sentence(problem);
}

/**
 * Reads a line of a runner. A result with a number that a double cannot hold
 * becomes an error.
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
