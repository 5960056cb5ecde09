import { jsonNumberProblem, sentence } from '../../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject, textOf } from '../../../contracts/json/json.js';

/** The arguments of a tool call, or why there are none. */
export type CallArguments = { arguments: JsonObject } | { problem: string };

const SHOWN = 200;
/** A model may write JSON as text in JSON, and so may a server between. */
const LAYERS = 3;

/**
 * Reads the arguments that a model wrote. This is the one place where they are parsed. Nothing at all means no
 * arguments; a text that holds JSON is read once more.
 */
export function readArguments(text: string): CallArguments {
  let value: Json = text;
  for (let layer = 0; layer < LAYERS && typeof value === 'string'; layer++) {
    const source: string = value;
    value = source.trim() === '' ? null : parsed(source);
    const number = jsonNumberProblem(source, value);
    if (number)
      return { problem: `the arguments hold a number that is too large: ${sentence(number)}` };
  }
  if (value === null) return { arguments: {} };
  if (isObject(value)) return { arguments: value };
  return { problem: `the arguments are no JSON object: ${textOf(value).slice(0, SHOWN)}` };
}

/** A text that is no JSON stands for itself. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Arguments as text, in whichever shape a provider sends them: as text, as an object, null, or not at all. */
export const argumentsText = (given: Json | undefined): string =>
  typeof given === 'string' ? given : JSON.stringify(given ?? {});

/** The same text where it is the JSON of an object, else the text of one: servers refuse a conversation with other arguments. */
export function sendableArguments(text: string): string {
  const read = readArguments(text);
  if (isObject(parsed(text))) return text;
  return JSON.stringify('problem' in read ? {} : read.arguments);
}
