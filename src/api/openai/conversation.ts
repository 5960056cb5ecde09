import { createHash } from 'node:crypto';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';

/** One message of a request, as text. */
export interface ChatMessage {
  role: string;
  text: string;
}

/** What a request says: the conversation that it belongs to, and what is new in it. */
export interface ChatRequest {
  model: string;
  /** Names the conversation, as far as the client tells it. */
  channel: string;
  /** What was said before, oldest first. */
  history: ChatMessage[];
  message: string;
  /** The same for a repetition of the request. */
  clientId: string;
  stream: boolean;
  includeUsage: boolean;
  /** Parameters that have no effect here. */
  ignored: string[];
}

/** Headers with which clients name a conversation, in the order in which they count. */
const CONVERSATION_HEADERS = [
  'x-conversation-id',
  'x-openwebui-chat-id',
  'x-librechat-conversation-id',
];
const MESSAGE_HEADERS = ['x-openwebui-message-id'];
/** Parameters that would change what a client may expect, and do not. */
const TOLD = ['tools', 'functions', 'tool_choice', 'response_format', 'n'];
const MAX_MESSAGES = 1_000;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const invalid = (text: string) => new MissionError('input_invalid', text);

/**
 * Reads a request of an OpenAI-compatible client. Unknown parameters are no fault.
 * @throws MissionError `input_invalid`
 */
export function readChatRequest(
  body: JsonObject,
  header: (name: string) => string | undefined,
): ChatRequest {
  const messages = messagesIn(body['messages']);
  const at = messages.findLastIndex(({ role }) => role === 'user');
  const last = messages[at];
  if (!last || last.text.trim() === '') throw invalid('"messages" has no message of the user.');
  const { model, user, stream, stream_options: options } = body;
  if (typeof model !== 'string') throw invalid('"model" must be a text; see GET /v1/models.');
  const first = messages.find(({ role }) => role === 'user')!;
  const named = valueOf(CONVERSATION_HEADERS, header);
  const channel = named ?? hash(`${typeof user === 'string' ? user : ''}\n${first.text}`);
  const spoken = messages.slice(0, at + 1).filter(({ role }) => role !== 'system');
  return {
    model,
    channel: `openai:${channel}`.slice(0, 200),
    history: messages.slice(0, at).filter(({ role }) => ['user', 'assistant'].includes(role)),
    message: last.text,
    clientId: valueOf(MESSAGE_HEADERS, header) ?? hash(JSON.stringify(spoken)),
    stream: stream === true,
    includeUsage: isObject(options ?? null) && (options as JsonObject)['include_usage'] === true,
    ignored: TOLD.filter((name) => (body[name] ?? null) !== null),
  };
}

const valueOf = (
  names: readonly string[],
  header: (name: string) => string | undefined,
): string | undefined =>
  names.map(header).find((value) => value !== undefined && /^[\x21-\x7e]{1,128}$/.test(value));

function messagesIn(value: Json | undefined): ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0)
    throw invalid('"messages" must be a list with at least one message.');
  return value.slice(-MAX_MESSAGES).map((each) => {
    if (!isObject(each) || typeof each['role'] !== 'string')
      throw invalid('Each of "messages" must have a role and a content.');
    return { role: each['role'], text: textIn(each['content'] ?? null) };
  });
}

/** The text of a content: a text, or the text parts of a list. */
function textIn(content: Json): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.filter(isObject).map((part) => part['text']);
  return texts.filter((text) => typeof text === 'string').join('\n');
}
