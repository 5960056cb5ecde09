import { isObject, type Json, type JsonObject } from '../contracts/json/json.js';
import { alike, stem, termsOf, wordsOf } from './words.js';

/** An input that a directive declares. */
export interface InputFact {
  name: string;
  type: string;
  required: boolean;
  description: string;
  choices: Json[];
  fallback: Json | undefined;
  format: string;
}

/** What is known of a directive from a search. */
export interface DirectiveFact {
  id: string;
  description: string;
  kind: string;
  destructive: boolean;
  /** How well the words fit, 0 to 1, as the search says. */
  score: number;
  /** How well the meaning fits, up to 1; absent for a search by text. */
  meaning?: number;
  inputs: InputFact[];
}

const textOr = (value: Json | undefined, other: string): string =>
  typeof value === 'string' ? value : other;

const numberOr = (value: Json | undefined, other: number): number =>
  typeof value === 'number' ? value : other;

/** The directives among the results of a search. */
export function directivesIn(value: JsonObject): DirectiveFact[] {
  const results = Array.isArray(value['results']) ? value['results'] : [];
  return results.filter(isObject).flatMap((result) => {
    const { id, score, metadata: given, type, match } = result;
    if (typeof id !== 'string' || (type !== undefined && type !== 'directive')) return [];
    const metadata = isObject(given) ? given : {};
    const { words, meaning } = isObject(match) ? match : {};
    return {
      id,
      score: numberOr(words, numberOr(score, 0)),
      ...(typeof meaning === 'number' && { meaning }),
      description: textOr(metadata['description'], ''),
      kind: textOr(metadata['kind'], 'steps'),
      destructive: metadata['destructive'] === true,
      inputs: inputsIn(metadata['inputs']),
    };
  });
}

/** Inputs as a map of the search, or as a list of `all_inputs`. */
export function inputsIn(value: Json | undefined): InputFact[] {
  if (Array.isArray(value))
    return value.filter(isObject).map((each) => factOf(textOr(each['name'], ''), each));
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, spec]) => factOf(name, isObject(spec) ? spec : {}));
}

const factOf = (name: string, spec: JsonObject): InputFact => ({
  name,
  type: textOr(spec['type'], 'string'),
  required: spec['required'] === true,
  description: textOr(spec['description'], ''),
  choices: Array.isArray(spec['enum']) ? spec['enum'] : [],
  fallback: spec['default'],
  format: textOr(spec['format'], ''),
});

/** A request without what can only be a value: it says nothing of what is meant. */
const withoutValues = (request: string): string =>
  request
    .replace(/"[^"]*"|“[^”]*”/g, ' ')
    .replace(/\S+@\S+|https?:\/\/\S+|=\S+/g, ' ')
    .replace(/(?<![\p{L}_])-?\d[\d.,:-]*/gu, ' ');

/** How well a request fits a directive: the share of the directive's name and of the request's words that meet. */
export function fitOf(request: string, fact: DirectiveFact): number {
  const asked = termsOf(withoutValues(request));
  const all = wordsOf(request);
  if (all.join(' ').includes(wordsOf(fact.id).join(' '))) return 1;
  const name = termsOf(fact.id);
  const about = termsOf(fact.description);
  const choices = fact.inputs.flatMap(({ choices: each }) =>
    each.map((choice) => stem(String(choice).toLowerCase())),
  );
  const inputs = fact.inputs.flatMap((input) => termsOf(input.name));
  const meets = (word: string, others: readonly string[]) =>
    others.some((other) => alike(word, other));
  const named =
    name.length === 0 ? 0 : name.filter((word) => meets(word, asked)).length / name.length;
  const known = asked.filter((word) =>
    [name, about, choices, inputs].some((others) => meets(word, others)),
  );
  const covered = asked.length === 0 ? 0 : known.length / asked.length;
  const firstVerb =
    asked[0] !== undefined && name[0] !== undefined && alike(asked[0], name[0]) ? 1 : 0;
  return 0.45 * named + 0.2 * covered + 0.15 * firstVerb + 0.2 * Math.min(1, fact.score);
}

/** The directives that a request may mean, best first. */
export function ranked(
  request: string,
  facts: readonly DirectiveFact[],
): { fact: DirectiveFact; fit: number }[] {
  const all = facts.map((fact) => ({ fact, fit: fitOf(request, fact) }));
  return all.sort((a, b) => b.fit - a.fit || (a.fact.id < b.fact.id ? -1 : 1));
}
