import type { CallToolResult } from '@modelcontextprotocol/server';
import type { JsonObject } from '../../../contracts/json/json.js';
import type { PublicError } from '../../errors/describe-error.js';

/**
 * Upper bound on the text of a result: 20,000 tokens of 3 bytes. Clients cut or refuse longer ones, most of them at
 * 25,000 tokens.
 */
export const MAX_RESULT_BYTES = 60_000;

/**
 * The result of a tool. Text and `structuredContent` hold the same facts, because some clients show only the one and
 * some only the other.
 */
export const toolResult = (answer: JsonObject, isError = false): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(answer) }],
  structuredContent: answer,
  ...(isError && { isError }),
});

/** A failure, whole in its text: some clients show nothing else of a failed call. */
export function errorResult({ code, message, data, correlation_id }: PublicError): CallToolResult {
  const details = data === undefined ? '' : `\n${JSON.stringify(data)}`;
  const text = cut(`${code}: ${message}${details}`);
  const fits = text.length < MAX_RESULT_BYTES / 3;
  const error = { code, message, ...(data !== undefined && fits && { data }), correlation_id };
  return { content: [{ type: 'text', text }], structuredContent: { error }, isError: true };
}

const cut = (text: string): string => text.slice(0, MAX_RESULT_BYTES / 3);
