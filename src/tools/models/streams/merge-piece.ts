import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

/** Fields that come whole: servers repeat them in later pieces. Other texts come in pieces. */
const WHOLE = new Set(['role', 'id', 'type', 'name', 'index', 'format']);
/** Parts of these types are pieces of one text. */
const TEXT_PARTS = /text|think|reason/;
/** Number of last parts among which the one to continue is looked for. */
const LAST_PARTS = 100;

/**
 * Adds a piece of a streamed message to what has arrived of it, field by field, so that the sum has the form of the
 * same message sent at once.
 */
export function mergePiece(sum: JsonObject, piece: JsonObject): void {
  for (const [name, value] of Object.entries(piece))
    if (name !== '__proto__') sum[name] = merged(name, sum[name], value);
}

function merged(name: string, before: Json | undefined, next: Json): Json {
  if (before === undefined || before === null) return next;
  if (next === null) return before;
  if (typeof before === 'string' && typeof next === 'string')
    return WHOLE.has(name) ? next || before : before + next;
  if (isObject(before) && isObject(next)) {
    mergePiece(before, next);
    return before;
  }
  if (Array.isArray(before)) return mergeParts(before, partsOf(next));
  return Array.isArray(next) ? mergeParts(partsOf(before), next) : next;
}

/** The parts of a content; a server may change from text to parts within a message. */
const partsOf = (content: Json): Json[] => {
  if (Array.isArray(content)) return content;
  return typeof content !== 'string' ? [content] : content ? [{ type: 'text', text: content }] : [];
};

function mergeParts(parts: Json[], pieces: readonly Json[]): Json[] {
  for (const piece of pieces) {
    const begun = isObject(piece) ? begunPart(parts, piece) : undefined;
    if (begun) mergePiece(begun, piece as JsonObject);
    else parts.push(piece);
  }
  return parts;
}

/** The part that a piece continues: the one of its index, or else a text that was the last part. */
function begunPart(parts: readonly Json[], { index, type }: JsonObject): JsonObject | undefined {
  const last = index === undefined ? parts.slice(-1) : parts.slice(-LAST_PARTS);
  const same = last.filter(isObject).find((part) => part.type === type && part.index === index);
  return index !== undefined || TEXT_PARTS.test(String(type)) ? same : undefined;
}
