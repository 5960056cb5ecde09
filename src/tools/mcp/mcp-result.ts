import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject, textOf } from '../../contracts/json/json.js';

const MAX_RESULT_BYTES = 1024 * 1024;
const MAX_MESSAGE = 4_000;
/** Fields of a result that the protocol defines. */
const PROTOCOL_FIELDS = new Set(['_meta', 'resultType', 'isError', 'content', 'structuredContent']);

/**
 * Converts a tool's result to the value of an `mcp` step: the structured
 * content, otherwise the text, otherwise the list of content items (images and
 * the like). The tool has already taken effect, so that a malformed result is
 * returned as far as it can be read.
 * @throws MissionError `mcp_error` with the tool's message when it sets
 * `isError` or asks for input, or when the result is over 1 MiB
 */
export function mcpResult(tool: string, result: Json): Json {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > MAX_RESULT_BYTES) throw tooLarge(tool, bytes);
  if (!isObject(result)) return result;
  if (result['resultType'] === 'input_required') throw asksForInput(tool, result);
  const { structuredContent: structured } = result;
  const content = toJson(result['content']);
  if (saysError(result['isError'])) throw failed(tool, content ?? '', structured);
  if (structured !== undefined && (structured !== null || isNothing(content))) return structured;
  return content ?? others(result);
}

/**
 * The content as text or list; undefined where there is none. A single item and
 * a plain text are accepted as well.
 */
function toJson(content: Json | undefined): Json | undefined {
  if (content === undefined || content === null) return undefined;
  const items = Array.isArray(content) ? content : [content];
  const texts = items.map(textIn).filter((text) => text !== undefined);
  return texts.length === items.length ? texts.join('\n') : items;
}

function textIn(item: Json): string | undefined {
  if (typeof item === 'string') return item;
  if (!isObject(item) || item['type'] !== 'text' || item['text'] === undefined) return undefined;
  return textOf(item['text'] ?? '');
}

const isNothing = (content: Json | undefined) => content === undefined || content === '';

/** The fields of a result that has a shape of its own. */
function others(result: JsonObject): Json {
  const own = Object.entries(result).filter(([key]) => !PROTOCOL_FIELDS.has(key));
  return own.length === 0 ? '' : Object.fromEntries(own);
}

const saysError = (isError: Json | undefined) =>
  Boolean(isError) && isError !== 'false' && isError !== '0';

/**
 * The error of a tool that failed. Where its text is empty, the structured
 * content is the message.
 */
function failed(tool: string, content: Json, structured: Json | undefined): MissionError {
  const said = [content, structured ?? ''].map(textOf).find((text) => text.trim() !== '');
  const message = said ?? `the tool ${tool} failed without a message`;
  const details = structured ?? null;
  const small = details !== null && JSON.stringify(details).length <= MAX_MESSAGE;
  return new MissionError('mcp_error', message.slice(0, MAX_MESSAGE), {
    tool,
    ...(small && { details }),
  });
}

function asksForInput(tool: string, { inputRequests }: JsonObject): MissionError {
  const asked = isObject(inputRequests) ? Object.values(inputRequests) : [];
  const methods = asked.map((each) => (isObject(each) ? textOf(each['method'] ?? '') : ''));
  const what = [...new Set(methods.filter(Boolean))].join(', ') || 'more input';
  const message = `the tool ${tool} asks for ${what}, which a run cannot provide; give the tool everything that it needs as arguments`;
  return new MissionError('mcp_error', message, { tool }, { retryable: false });
}

const tooLarge = (tool: string, bytes: number) =>
  new MissionError(
    'mcp_error',
    `the tool ${tool} returned ${bytes} bytes; the limit is ${MAX_RESULT_BYTES}. Request less data, or one page of it`,
    { tool, bytes },
    { retryable: false },
  );
