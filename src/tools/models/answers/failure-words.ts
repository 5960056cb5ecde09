import { isObject, type Json } from '../../../contracts/json/json.js';

const LONGEST = 500;
/** Fields in which servers put their message, best first. */
const FIELDS = [
  'error',
  'message',
  'detail',
  'details',
  'errors',
  'error_description',
  'msg',
  'title',
  'reason',
];

/**
 * The message in the body of a failed response, in one line of at most 500
 * characters: the text of `error`, `error.message`, `detail` and the like, a
 * page's title, or the body itself. Empty when there is none.
 */
export function failureWords(body: string): string {
  const text = body.trim();
  const said = text.startsWith('<') ? pageWords(text) : (wordsOf(parsed(text)) ?? text);
  return oneLine(said);
}

export const oneLine = (text: string): string =>
  text.replace(/\s+/g, ' ').trim().slice(0, LONGEST).replace(/\.$/, '');

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function wordsOf(value: Json | undefined, depth = 0): string | undefined {
  if (typeof value === 'string') return value.trim() || undefined;
  if (typeof value !== 'object' || value === null || depth > 4) return undefined;
  if (Array.isArray(value)) {
    const all = value.map((each) => wordsOf(each, depth + 1)).filter((each) => each !== undefined);
    return all.length === 0 ? undefined : all.join('; ');
  }
  const found = FIELDS.map((name) => wordsOf(value[name], depth + 1)).find(
    (each) => each !== undefined,
  );
  return found && [found, upstreamWords(value.metadata)].filter(Boolean).join(': ');
}

/**
 * A gateway may only report that its provider failed and put that provider's
 * message into `metadata.raw`.
 */
const upstreamWords = (metadata: Json | undefined): string | undefined =>
  isObject(metadata) && typeof metadata.raw === 'string' ? failureWords(metadata.raw) : undefined;

/** The title of an HTML page, otherwise its text. */
function pageWords(page: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(page)?.[1]?.trim();
  const text = page
    .slice(0, 10_000)
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ');
  return `a page that says "${oneLine(title || text).slice(0, 200)}"`;
}
