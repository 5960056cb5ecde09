import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { MissionError } from '../../contracts/errors.js';
import { type Json, textOf } from '../../contracts/json.js';

const MAX_RESULT_BYTES = 1024 * 1024;
const MAX_MESSAGE = 4_000;

/**
 * What an `mcp` step returns: the structured content, else the text, else the list of content
 * (images and the like).
 * @throws MissionError `mcp_error` with the tool's text when the tool says `isError`, or when the result is over 1 MiB
 */
export function mcpResult(tool: string, result: CallToolResult): Json {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > MAX_RESULT_BYTES) throw tooLarge(tool, bytes);
  const content = toJson(result.content);
  if (result.isError) throw failed(tool, content);
  if (result.structuredContent !== undefined) return result.structuredContent as Json;
  return content;
}

function toJson(content: CallToolResult['content']): Json {
  const texts = content.flatMap((item) => (item.type === 'text' ? [item.text] : []));
  return texts.length === content.length ? texts.join('\n') : (content as Json);
}

function failed(tool: string, content: Json): MissionError {
  const text = textOf(content);
  const message = text.trim() === '' ? `the tool ${tool} failed and said nothing` : text;
  return new MissionError('mcp_error', message.slice(0, MAX_MESSAGE), { tool });
}

const tooLarge = (tool: string, bytes: number) =>
  new MissionError(
    'mcp_error',
    `the tool ${tool} returned ${bytes} bytes; at most ${MAX_RESULT_BYTES} are taken. Ask it for less, or for a page`,
    { tool, bytes },
    { retryable: false },
  );
