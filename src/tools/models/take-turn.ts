import type { LanguageModelV4FunctionTool, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { TurnCall, Usage } from '../../contracts/model-turn.js';
import { roundUsd } from '../../language/text/round-usd.js';
import { type ModelConfig, silenceMsOf } from '../../platform/config/config-models.js';
import { readArguments } from './providers/call-arguments.js';
import { estimateTokens } from './answers/estimate-usage.js';
import { type Exchange, modelExchange } from './model-exchange.js';
import type { AskOptions, ModelAnswer, ModelRequest, ToolSpec } from '../../contracts/model.js';
import { patientFetch } from './patient-fetch.js';
import type { Access } from './providers/provider.js';
import { PROVIDERS } from './providers/providers.js';
import { toMessages } from './providers/to-messages.js';
import { toolSchema } from './tool-schema.js';
import { withoutThoughts } from './answers/without-thoughts.js';

/** A token limit that every model supports. */
const SAFE_OUTPUT_TOKENS = 4_096;

/**
 * Runs one turn of a model over HTTP.
 * @throws the SDK's errors and {@link AnswerFailure}
 */
export async function takeTurn(
  config: ModelConfig,
  access: Omit<Access, 'fetch'>,
  request: ModelRequest,
  { timeoutMs, signal, onText: tell }: AskOptions,
): Promise<ModelAnswer> {
  const { system, said, tools, most, output } = request;
  const provider = PROVIDERS[config.provider];
  const onText = config.stream === false ? undefined : tell;
  const silence = onText ? silenceMsOf(config) : 0;
  const exchange = modelExchange(await patientFetch(silence), config, { said, onText });
  const model = await provider.open(config, { ...access, fetch: exchange.fetch });
  const bound = boundOf(config, most);
  const result = await model.doGenerate({
    prompt: toMessages(system, said),
    ...(tools.length > 0 && { tools: tools.map(toTool) }),
    ...(bound !== undefined && { maxOutputTokens: bound }),
    ...(output && config.structuredOutput && { responseFormat: { type: 'json', schema: output } }),
    providerOptions: provider.structured,
    abortSignal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  return answerOf(config, request, result, exchange);
}

/**
 * The token limit of a request. A model refuses a limit above its own, and some
 * refuse any; a limit is sent only where it is needed.
 */
function boundOf({ maxOutputTokens }: ModelConfig, most = Infinity): number | undefined {
  return most < (maxOutputTokens ?? SAFE_OUTPUT_TOKENS) ? Math.max(1, most) : maxOutputTokens;
}

const toTool = ({ name, description, schema }: ToolSpec): LanguageModelV4FunctionTool => ({
  type: 'function',
  name,
  description,
  inputSchema: toolSchema(schema) as never,
});

function answerOf(
  config: ModelConfig,
  { tools }: ModelRequest,
  { content, finishReason, usage }: LanguageModelV4GenerateResult,
  exchange: Exchange,
): ModelAnswer {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const calls = content.filter((part) => part.type === 'tool-call').map(callOf);
  const { unified, raw } = finishReason;
  if (unified === 'content-filter') throw new Error(refusal(raw, text));
  if (raw === 'model_context_window_exceeded')
    throw new Error('the conversation is too long for the model');
  const cut = unified === 'length';
  const promised = unified === 'tool-calls' && tools.length > 0;
  const nothing = cut || calls.length > 0 ? undefined : nothingIn(text, promised);
  const given = { provider: config.provider, message: exchange.message! };
  return {
    text,
    calls,
    cut,
    ...(nothing !== undefined && { nothing }),
    given,
    usage: usageOf(config, usage, exchange),
  };
}

const refusal = (raw: string | undefined, text: string): string =>
  `it refuses to answer this (${raw ?? 'content filter'})${text && `: ${text}`}`;

function nothingIn(text: string, promised: boolean): string | undefined {
  if (promised) return 'it announces tool calls but contains none';
  return withoutThoughts(text).trim() === ''
    ? 'it contains neither text nor tool calls'
    : undefined;
}

interface SdkCall {
  toolCallId: string;
  toolName: string;
  input: string;
}

/**
 * Converts a call. The model's arguments may be invalid; the call then carries
 * the problem.
 */
function callOf({ toolCallId: id, toolName: tool, input }: SdkCall): TurnCall {
  const read = readArguments(input);
  return 'problem' in read ? { id, tool, arguments: {}, ...read } : { id, tool, ...read };
}

/**
 * The usage that the provider reports. Where it is missing or zero, an
 * estimate.
 */
function usageOf(
  { inputUsdPerMillion, outputUsdPerMillion }: ModelConfig,
  { inputTokens, outputTokens }: LanguageModelV4GenerateResult['usage'],
  { sent, message }: Exchange,
): Usage {
  const isReported = [inputTokens.total, outputTokens.total].every((count) => (count ?? 0) > 0);
  const input = inputTokens.total || estimateTokens(sent);
  const output = outputTokens.total || estimateTokens(JSON.stringify(message));
  const usd = (input * inputUsdPerMillion + output * outputUsdPerMillion) / 1e6;
  return {
    input_tokens: input,
    output_tokens: output,
    cost_usd: roundUsd(usd),
    ...(!isReported && { estimated: true as const }),
  };
}
