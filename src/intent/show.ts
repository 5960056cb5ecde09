import { isObject, type Json, type JsonObject } from '../contracts/json/json.js';
import type { DirectiveFact, InputFact } from './directives.js';

const MAX_TEXT = 1_500;

/** The beginning of an id, by which people and commands know a run. */
export const shortId = (id: string): string => id.slice(0, 8);

/** A value for people: texts as they are, objects as lines. */
export function shown(value: Json): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return cut(value);
  if (isObject(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) return 'nothing';
    return cut(entries.map(([name, each]) => `- ${name}: ${inline(each)}`).join('\n'));
  }
  if (Array.isArray(value) && value.length > 0 && value.every((each) => !isObject(each)))
    return cut(value.map((each) => `- ${inline(each)}`).join('\n'));
  return cut(JSON.stringify(value));
}

const inline = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const cut = (text: string): string =>
  text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} characters more)`;

export const inputsLine = (inputs: JsonObject): string => `\`${JSON.stringify(inputs)}\``;

/** One input in a question or a description. */
export function inputLine({
  name,
  type,
  required,
  description,
  choices,
  fallback,
}: InputFact): string {
  const kinds = choices.length > 0 ? `one of ${choices.map(String).join(', ')}` : type;
  const rest =
    fallback !== undefined ? `, default ${inline(fallback)}` : required ? '' : ', optional';
  return `- \`${name}\` (${kinds}${rest})${description ? `: ${description}` : ''}`;
}

export const directiveLine = ({ id, description }: DirectiveFact): string =>
  `\`${id}\`${description ? `: ${description}` : ''}`;

/** A numbered list, to which "the second one" refers. */
export const numbered = (lines: readonly string[]): string =>
  lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
