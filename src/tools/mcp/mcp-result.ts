import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject, textOf } from '../../contracts/json/json.js';

const MAX_RESULT_BYTES = 1024 * 1024;
const MAX_MESSAGE = 4_000;
/** What the protocol puts beside a result. */
const BESIDES = new Set(['_meta', 'resultType', 'isError', 'content', 'structuredContent']);

/**
 * What an `mcp` step returns: the structured content, else the text, else the list of content (images and the like).
 * The tool has done its work: whatever shape its answer has is returned as far as it can be read.
 * @throws MissionError `mcp_error` with the tool's words when it says `isError` or asks for input, or when the result
 * is over 1 MiB
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

/** Undefined where there is no content. A lone item and a lone text are content, too. */
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

/** Of a result in a shape of the tool's own. */
function others(result: JsonObject): Json {
  const own = Object.entries(result).filter(([key]) => !BESIDES.has(key));
  return own.length === 0 ? '' : Object.fromEntries(own);
}

const saysError = (isError: Json | undefined) =>
  Boolean(isError) && isError !== 'false' && isError !== '0';

/** Where the text is empty, the details are what the tool has to say. */
function failed(tool: string, content: Json, structured: Json | undefined): MissionError {
  const said = [content, structured ?? ''].map(textOf).find((text) => text.trim() !== '');
  const message = said ?? `the tool ${tool} failed and said nothing`;
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
  const message = `the tool ${tool} asks for ${what}, and a run has nobody who could answer; give it all that it needs as arguments`;
  return new MissionError('mcp_error', message, { tool }, { retryable: false });
}

const tooLarge = (tool: string, bytes: number) =>
  new MissionError(
    'mcp_error',
    `the tool ${tool} returned ${bytes} bytes; at most ${MAX_RESULT_BYTES} are taken. Ask it for less, or for a page`,
    { tool, bytes },
    { retryable: false },
  );
