import { jsonNumberProblem, sentence } from '../../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject, textOf } from '../../../contracts/json/json.js';

/** The arguments of a tool call, or the reason why they cannot be used. */
export type CallArguments = { arguments: JsonObject } | { problem: string };

const SHOWN = 200;
/** A model, or a proxy, may encode JSON as a string in JSON several times. */
const LAYERS = 3;

/**
 * Parses the arguments that a model wrote; they are parsed nowhere else. An
 * empty text means no arguments; a string that contains JSON is parsed once
 * more.
 */
export function readArguments(text: string): CallArguments {
  let value: Json = text;
  for (let layer = 0; layer < LAYERS && typeof value === 'string'; layer++) {
    const source: string = value;
    value = source.trim() === '' ? null : parsed(source);
    const number = jsonNumberProblem(source, value);
    if (number)
      return { problem: `the arguments contain a number that is too large: ${sentence(number)}` };
  }
  if (value === null) return { arguments: {} };
  if (isObject(value)) return { arguments: value };
  return { problem: `the arguments are not a JSON object: ${textOf(value).slice(0, SHOWN)}` };
}

/** A text that is not JSON stays a text. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/**
 * Converts arguments to text, in whichever form a provider sends them: text,
 * object, null, or absent.
 */
export const argumentsText = (given: Json | undefined): string =>
  typeof given === 'string' ? given : JSON.stringify(given ?? {});

/**
 * Returns the text unchanged where it is a JSON object, otherwise the text of
 * an object: servers refuse a conversation with other arguments.
 */
export function sendableArguments(text: string): string {
  const read = readArguments(text);
  if (isObject(parsed(text))) return text;
  return JSON.stringify('problem' in read ? {} : read.arguments);
}
