import { isObject, type Json, type JsonObject } from '../../contracts/json.js';

/**
 * Reads JSON text that a script wrote: the one place where its numbers become values.
 * @throws SyntaxError
 */
export const parseScriptJson = (text: string): Json => JSON.parse(text) as Json;

/** The object that a text is; undefined where it is none. */
export function parseScriptObject(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value = parseScriptJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
