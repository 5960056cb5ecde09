import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { isObject, type Json } from '../../../contracts/json/json.js';
import { excerpt } from './excerpt.js';
import { jsonObjectsIn } from './json-objects.js';
import type { OpenRequest, OpenRequests } from './open-requests.js';
import { readServerMessage } from './server-message.js';
import { parseServerText } from './server-text.js';

/** The content of a line of a server's standard output. */
export interface ServerLine {
  messages: JSONRPCMessage[];
  /**
   * True when the line contains more than a message: a banner, a log entry, an
   * answer that cannot be read.
   */
  odd: boolean;
  /**
   * The request that the line seems to answer, and why the answer cannot be
   * read.
   */
  unanswered?: { request: OpenRequest; why: string };
}

/**
 * Reads a line: a message, several of them, or a message surrounded by other
 * text.
 */
export function readLine(line: string, open: OpenRequests): ServerLine {
  const text = line.replace(/^\uFEFF/, '');
  if (text.trim() === '') return { messages: [], odd: false };
  let value: Json;
  try {
    value = parseServerText(text);
  } catch (error) {
    return around(text, open, error as Error);
  }
  const messages = messagesIn(value, open);
  return { messages, odd: messages.length === 0 && !isLate(value, open) };
}

/**
 * Reads one message or a batch, which older revisions of the protocol allow.
 */
const messagesIn = (value: Json, open: OpenRequests): JSONRPCMessage[] =>
  (Array.isArray(value) ? value : [value])
    .map((each) => readServerMessage(each, open))
    .filter((message) => message !== undefined);

const isLate = (value: Json, open: OpenRequests) =>
  isObject(value) && value['jsonrpc'] === '2.0' && open.isLate(value['id']);

/**
 * Reads a line that is not pure JSON. Servers log requests and their answers;
 * from such a line only answers to open requests are taken.
 */
function around(line: string, open: OpenRequests, error: Error): ServerLine {
  const isJson = !(error instanceof SyntaxError);
  const answers = isJson ? [] : jsonObjectsIn(line).filter((each) => !isCall(each));
  const messages = answers.flatMap((each) => messagesIn(each, open));
  if (messages.length > 0) return { messages, odd: true };
  const request = answered(line, open);
  const why = isJson ? error.message : excerpt(line);
  return { messages, odd: true, ...(request && { unanswered: { request, why } }) };
}

const isCall = (value: Json) => isObject(value) && 'method' in value;

/**
 * The request that an unreadable line seems to answer: by its id, or the
 * handshake if that is the only open request.
 */
function answered(line: string, open: OpenRequests): OpenRequest | undefined {
  if (!line.includes('"jsonrpc"') || line.includes('"method"')) return undefined;
  const [, id] = /"id"\s*:\s*"?([\w-]+)/.exec(line) ?? [];
  if (id !== undefined) return open.find(id);
  return open.only?.method === 'initialize' ? open.only : undefined;
}
