import { jsonNumberProblem, parseJsonKeepingDigits } from '../../../contracts/exact-json.js';
import type { Json, JsonObject } from '../../../contracts/json/json.js';
import { numberProblem } from '../../../contracts/json/number-problem.js';

type Reviver = (key: string, value: Json, context: { source?: string }) => unknown;
/** Node supports both functions; TypeScript's types do not contain them yet. */
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: Reviver): Json;
  rawJSON(text: string): unknown;
};

/**
 * Parses the body of an answer. A number that a double cannot hold keeps its
 * digits in `JSON.stringify`, so that arguments sent as an object are refused
 * at the same place as those sent as text.
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

/**
 * Converts a part of such a body to plain data; numbers that a double cannot
 * hold become text.
 */
export const plainPart = (part: JsonObject): JsonObject =>
  parseJsonKeepingDigits(JSON.stringify(part)) as JsonObject;
