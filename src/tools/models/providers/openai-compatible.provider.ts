import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { OpenaiPieces } from '../streams/openai-pieces.js';
import { argumentsText, sendableArguments } from './call-arguments.js';
import type { IdOf } from './call-ids.js';
import { MOST_CALLS } from '../../../contracts/model.js';
import type { ModelProvider, ReadAnswer } from './provider.js';
import { sendStreamed, STREAM_OPTIONS } from './stream-options.js';
import { NOTHING } from './to-messages.js';
import { sendBounded } from './token-bound.js';

/** OpenAI's Chat Completions API, also of compatible servers. */
export const openaiCompatible: ModelProvider = {
  async open({ model, baseUrl: baseURL, structuredOutput }, { apiKey, ...access }) {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    return createOpenAICompatible({
      name: 'openai-compatible',
      baseURL,
      ...access,
      ...(apiKey !== undefined && { apiKey }),
      supportsStructuredOutputs: structuredOutput === true,
    })(model);
  },
  // Strict schemas support only a subset of JSON Schema, and the answer is
  // validated afterwards anyway.
  structured: { openaiCompatible: { strictJsonSchema: false } },
  streamed: { stream: true, [STREAM_OPTIONS]: { include_usage: true } },
  pieces: () => new OpenaiPieces(),
  read,
  send: (body, config, send) => sendBounded(body, config, (bounded) => sendStreamed(bounded, send)),
};

/** Finish reasons that report a failure of the server. */
const FAILED = ['error', 'network_error', 'insufficient_system_resource', 'abort'];

function read(body: JsonObject, idOf: IdOf): ReadAnswer {
  const choices = Array.isArray(body.choices) ? body.choices.filter(isObject) : [];
  const choice = choices.find(({ message }) => isObject(message));
  if (!choice) return { failure: 'it has no choices' };
  const { finish_reason } = choice;
  const finish = typeof finish_reason === 'string' ? finish_reason.toLowerCase() : null;
  if (finish !== null && FAILED.includes(finish))
    return { failure: `its finish_reason is "${finish}"` };
  const given = choice.message as JsonObject;
  const calls = Array.isArray(given.tool_calls) ? given.tool_calls.filter(isObject) : [];
  const whole = calls.slice(0, MOST_CALLS).map((call) => completed(call, idOf));
  return {
    body: {
      choices: [{ message: forSdk(given, whole), finish_reason: finish }],
      ...(isObject(body.usage) && { usage: numbersOf(body.usage) }),
    },
    message: toSend(given, whole),
  };
}

/**
 * Completes a call: it has a unique id, and its name and arguments are strings
 * in `function`.
 */
function completed(call: JsonObject, idOf: IdOf): JsonObject {
  const { function: wanted, ...rest } = call;
  const { name, arguments: given, ...more } = isObject(wanted) ? wanted : call;
  const inner = isObject(wanted) ? more : {};
  const called = typeof name === 'string' ? name : '';
  const text = argumentsText(given);
  return {
    ...(isObject(wanted) ? rest : {}),
    id: idOf(call.id),
    type: 'function',
    function: { ...inner, name: called, arguments: text },
  };
}

const forSdk = ({ content, refusal }: JsonObject, tool_calls: JsonObject[]): JsonObject => ({
  role: 'assistant',
  content: contentOf(content),
  ...(typeof refusal === 'string' && { refusal }),
  ...(tool_calls.length > 0 && { tool_calls }),
});

/**
 * The text of a message, or its text parts, whatever a server calls their type;
 * reasoning parts are left out.
 */
function contentOf(content: Json | undefined): Json {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? content : [content ?? null];
  return parts.flatMap((part): JsonObject[] => {
    if (typeof part === 'string') return [{ type: 'text', text: part }];
    if (!isObject(part) || typeof part.text !== 'string') return [];
    return /think|reason/.test(String(part.type)) ? [] : [{ type: 'text', text: part.text }];
  });
}

/**
 * The message to send back, with all fields of the provider, including its
 * reasoning: some servers refuse a conversation without it. Null fields are
 * dropped.
 */
function toSend(given: JsonObject, calls: JsonObject[]): JsonObject {
  const { tool_calls: _, content = null, ...rest } = given;
  const said = Object.entries(rest).filter(([, value]) => value !== null);
  const isSilent = calls.length === 0 && (content === null || content === '');
  return {
    ...Object.fromEntries(said),
    role: 'assistant',
    content: isSilent ? NOTHING : content,
    ...(calls.length > 0 && { tool_calls: calls.map(sendable) }),
  };
}

function sendable(call: JsonObject): JsonObject {
  const called = call.function as JsonObject;
  return {
    ...call,
    function: { ...called, arguments: sendableArguments(called.arguments as string) },
  };
}

const numbersOf = (usage: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => typeof value === 'number'));
