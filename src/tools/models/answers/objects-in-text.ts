import { jsonNumberProblem, sentence } from '../../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { THOUGHT_TAGS } from './without-thoughts.js';

const [IN_JSON_FENCE, LOOSE, IN_OTHER_FENCE] = [0, 1, 2];
const MARK = new RegExp(`<(/?)(${THOUGHT_TAGS})>|\\[(/?)(THINK)\\]|\`\`\`([\\w+-]*)|[{[]`, 'gi');
/**
 * Number of characters to scan for the ends of values: limits the time for a
 * text that consists of braces.
 */
const MAX_SCANNED = 20_000_000;

/** An object, and the problem of a number in it that a double cannot hold. */
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
 * The JSON objects in a text, most likely intended one first: those in a JSON
 * code fence, then those in the prose, then those in code of other languages;
 * later ones before earlier ones. Reasoning (`<think>…</think>`) and braces
 * that are not JSON are skipped, and JSON values are not searched for inner
 * objects.
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
  let [found, fence, budget]: [Found[], string | undefined, number] = [[], undefined, MAX_SCANNED];
  const marks = new RegExp(MARK);
  for (let mark = marks.exec(text); mark && budget > 0; mark = marks.exec(text)) {
    const [whole, slash = mark[3], tag = mark[4], , , language] = mark;
    if (language !== undefined) fence = fence === undefined ? language.toLowerCase() : undefined;
    else if (tag === undefined) {
      const end = endOfValue(text, mark.index);
      budget -= (end ?? text.length) - mark.index;
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

/**
 * The end of the reasoning; without a closing tag it extends to the end of the
 * text.
 */
function endOfThoughts(text: string, from: number, tag: string): number {
  const end = new RegExp(`${tag[0] === '[' ? '\\[/THINK\\]' : `</${tag.slice(1)}`}`, 'gi');
  end.lastIndex = from;
  return end.exec(text) ? end.lastIndex : text.length;
}

/**
 * The end of the object or list that begins at a position; undefined where it
 * is not closed.
 */
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
