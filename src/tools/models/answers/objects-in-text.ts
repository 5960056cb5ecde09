import { jsonNumberProblem, sentence } from '../../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { THOUGHT_TAGS } from './without-thoughts.js';

const [IN_JSON_FENCE, LOOSE, IN_OTHER_FENCE] = [0, 1, 2];
const MARK = new RegExp(`<(/?)(${THOUGHT_TAGS})>|\\[(/?)(THINK)\\]|\`\`\`([\\w+-]*)|[{[]`, 'gi');
/** Characters that are looked at in search of the ends of values: a text of braces alone must not take for ever. */
const MOST_LOOKS = 20_000_000;

/** An object, and what is wrong with its numbers: a double does not hold each. */
export interface FoundObject {
  object: JsonObject;
  problem?: string;
}

interface Found {
  value: Json;
  text: string;
  rank: number;
}

/**
 * The JSON objects in a text, the one that is most likely meant first: those in a fence of JSON, then those in the
 * prose, then those in code of other languages; the last before the earlier ones. Thoughts (`<think>…</think>`) are
 * passed over, braces that are no JSON as well, and nothing inside a JSON value is looked at.
 */
export function objectsInText(text: string): FoundObject[] {
  const found = valuesIn(text)
    .filter(({ value }) => isObject(value))
    .reverse();
  return found.sort((a, b) => a.rank - b.rank).map(objectOf);
}

function objectOf({ value, text }: Found): FoundObject {
  const number = jsonNumberProblem(text, value);
  return { object: value as JsonObject, ...(number && { problem: sentence(number) }) };
}

function valuesIn(text: string): Found[] {
  let [found, fence, looks]: [Found[], string | undefined, number] = [[], undefined, MOST_LOOKS];
  const marks = new RegExp(MARK);
  for (let mark = marks.exec(text); mark && looks > 0; mark = marks.exec(text)) {
    const [whole, slash = mark[3], tag = mark[4], , , language] = mark;
    if (language !== undefined) fence = fence === undefined ? language.toLowerCase() : undefined;
    else if (tag === undefined) {
      const end = endOfValue(text, mark.index);
      looks -= (end ?? text.length) - mark.index;
      const source = text.slice(mark.index, end ?? mark.index);
      const value = parsed(source);
      if (value === undefined) continue;
      found.push({ value, text: source, rank: rankOf(fence) });
      marks.lastIndex = end!;
    } else if (slash === '/') found = [];
    else marks.lastIndex = endOfThoughts(text, mark.index, whole);
  }
  return found;
}

function rankOf(fence: string | undefined): number {
  if (fence === undefined) return LOOSE;
  return fence === '' || fence.startsWith('json') ? IN_JSON_FENCE : IN_OTHER_FENCE;
}

/** Thoughts that do not end are all that there is. */
function endOfThoughts(text: string, from: number, tag: string): number {
  const end = new RegExp(`${tag[0] === '[' ? '\\[/THINK\\]' : `</${tag.slice(1)}`}`, 'gi');
  end.lastIndex = from;
  return end.exec(text) ? end.lastIndex : text.length;
}

/** Where the object or list that begins at a place ends; undefined where it does not. */
function endOfValue(text: string, from: number): number | undefined {
  let [depth, inString] = [0, false];
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (inString) {
      if (letter === '\\') at++;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === '{' || letter === '[') depth++;
    else if ((letter === '}' || letter === ']') && --depth === 0) return at + 1;
  }
  return undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
