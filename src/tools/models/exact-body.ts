import { jsonNumberProblem, parseJsonKeepingDigits } from '../../contracts/exact-json.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { numberProblem } from '../../contracts/json/number-problem.js';

type Reviver = (key: string, value: Json, context: { source?: string }) => unknown;
/** Node has them, the types of the language do not yet. */
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: Reviver): Json;
  rawJSON(text: string): unknown;
};

/**
 * Parses the body of an answer. A number that a double does not hold is written again by `JSON.stringify` as it came,
 * so that arguments which came as an object are refused where they are read, as those that came as text.
 * @throws SyntaxError
 */
export function parseExactBody(text: string): Json {
  const value = JSON.parse(text) as Json;
  if (!jsonNumberProblem(text, value)) return value;
  return parse(text, (_, each, { source }) =>
    source !== undefined && typeof each === 'number' && numberProblem(source)
      ? rawJSON(source)
      : each,
  );
}

/** A part of such a body as plain data: those numbers are text in it. */
export const plainPart = (part: JsonObject): JsonObject =>
  parseJsonKeepingDigits(JSON.stringify(part)) as JsonObject;
