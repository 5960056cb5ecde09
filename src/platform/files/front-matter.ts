import { parse, stringify } from 'yaml';
import { isObject, type JsonObject } from '../../contracts/json/json.js';

const FRONT = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/;
const MAX_FRONT = 16 * 1024;

/** The facts before a Markdown text, and the text without them. What cannot be read counts as no facts. */
export function frontMatter(whole: string): { facts: JsonObject; text: string } {
  const [front = '', inner = ''] = FRONT.exec(whole) ?? [];
  return { facts: factsIn(inner), text: whole.slice(front.length) };
}

/** A Markdown text behind its facts, as {@link frontMatter} reads it. */
export const withFrontMatter = (facts: JsonObject, text: string): string =>
  `---\n${stringify(facts, { lineWidth: 0 })}---\n${text}`;

function factsIn(front: string): JsonObject {
  if (front.length > MAX_FRONT || /[[{]{8}/.test(front)) return {};
  try {
    const facts = parse(front, { logLevel: 'error', maxAliasCount: 0 }) as unknown;
    return isObject(facts as never) ? (facts as JsonObject) : {};
  } catch {
    return {};
  }
}
