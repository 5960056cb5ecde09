import { parseJsonKeepingDigits } from '../../../contracts/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { AnthropicPieces } from '../streams/anthropic-pieces.js';
import { argumentsText, sendableArguments } from './call-arguments.js';
import type { IdOf } from './call-ids.js';
import { MOST_CALLS } from '../../../contracts/model.js';
import type { ModelProvider, ReadAnswer } from './provider.js';
import { NOTHING } from './to-messages.js';

/** Anthropic's Messages API, also of compatible servers. */
export const anthropic: ModelProvider = {
  async open({ model, baseUrl: baseURL }, { apiKey = '', ...access }) {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL, apiKey, ...access })(model);
  },
  structured: { anthropic: { structuredOutputMode: 'outputFormat' } },
  streamed: { stream: true },
  pieces: () => new AnthropicPieces(),
  read,
};

function read(body: JsonObject, idOf: IdOf): ReadAnswer {
  const given = typeof body.content === 'string' ? [textBlock(body.content)] : body.content;
  if (!Array.isArray(given)) return { failure: 'it has no content' };
  let calls = 0;
  const isRead = ({ type }: JsonObject) => type !== 'tool_use' || ++calls <= MOST_CALLS;
  const blocks = given
    .filter(isObject)
    .filter(isRead)
    .map((block) => completed(block, idOf));
  const said = blocks.filter(({ type }) => type === 'text' || type === 'tool_use');
  const sent = blocks.filter(({ type, text }) => type !== 'text' || text !== '').map(sendable);
  const isSilent = !said.some(({ type, text }) => type !== 'text' || text !== '');
  const { stop_reason = null } = body;
  return {
    body: {
      type: 'message',
      content: said.map(forSdk),
      stop_reason: typeof stop_reason === 'string' ? stop_reason : null,
      stop_sequence: null,
      usage: usageOf(body.usage),
    },
    // The API refuses an empty message and one that ends with a thinking block.
    message: { role: 'assistant', content: [...sent, ...(isSilent ? [textBlock(NOTHING)] : [])] },
  };
}

const textBlock = (text: string): JsonObject => ({ type: 'text', text });

/**
 * Completes a block: every text is a string, and every call has a name and a
 * unique id.
 */
function completed(block: JsonObject, idOf: IdOf): JsonObject {
  if (block.type === 'text') return { ...block, text: textOrNone(block.text) };
  if (block.type !== 'tool_use') return block;
  return { ...block, id: idOf(block.id), name: textOrNone(block.name) };
}

/**
 * Inputs are passed as text, so that they are parsed at the same place as those
 * of other providers.
 */
const forSdk = ({ type, text, id, name, input }: JsonObject): JsonObject =>
  type === 'text'
    ? { type, text: text! }
    : { type: 'tool_use', id: id!, name: name!, input: argumentsText(input) };

const sendable = (block: JsonObject): JsonObject =>
  block.type !== 'tool_use' || isObject(block.input)
    ? block
    : { ...block, input: parseJsonKeepingDigits(sendableArguments(argumentsText(block.input))) };

const textOrNone = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const COUNTS = [
  'input_tokens',
  'output_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
] as const;

/** The counts that are numbers; the SDK requires the first two. */
function usageOf(usage: Json | undefined): JsonObject {
  const counts: JsonObject = { input_tokens: 0, output_tokens: 0 };
  if (!isObject(usage)) return counts;
  for (const name of COUNTS) if (typeof usage[name] === 'number') counts[name] = usage[name];
  return counts;
}
