import type { Secrets } from '../../access/secrets/secrets.js';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json } from '../../contracts/json.js';
import type { TurnCall, Usage } from '../../contracts/model-turn.js';
import { secretNameOf } from '../../contracts/secret.js';
import { didYouMean } from '../../language/nearest.js';
import { roundUsd } from '../../language/round-usd.js';
import { defaultModel, type ModelConfig } from '../../platform/config-models.js';
import type { Redactor } from '../../platform/redaction/redactor.js';
import { modelFailure } from './model-failure.js';
import type { AskOptions, ModelAnswer, ModelRequest, ToolSpec } from './model-request.js';
import { openModel } from './open-model.js';
import { toMessages } from './to-messages.js';

/** Tokens that every model can answer. */
const MODEST = 4_096;

/** What {@link Models} is made of. */
export interface ModelsOptions {
  models: Readonly<Record<string, ModelConfig>>;
  secrets: Pick<Secrets, 'resolve'>;
  redactor: Pick<Redactor, 'learn'>;
}

/** The language models of the operator's file. One turn at a time: who asks keeps the conversation. */
export class Models {
  constructor(private readonly options: ModelsOptions) {}

  /**
   * The name of the model that is meant, the default one where none is named.
   * @throws MissionError `model_error` when there is none
   */
  nameOf(wanted: string | undefined): string {
    const names = Object.keys(this.options.models);
    const name = wanted ?? defaultModel(names);
    if (name !== undefined && names.includes(name)) return name;
    const hint = name === undefined ? undefined : didYouMean(name, names);
    const what =
      name === undefined ? 'It is not said which model is meant' : `There is no model "${name}"`;
    const text = `${what}: ${hint ?? `mission.yaml has ${names.join(', ') || 'none under models'}`}.`;
    throw new MissionError('model_error', text, undefined, { retryable: false });
  }

  /** Tokens that an answer may have, where `usd` are left; undefined = as many as the model likes. */
  affordable(name: string, usd: number | undefined): number | undefined {
    const { outputUsdPerMillion: price } = this.options.models[name]!;
    return usd === undefined || price === 0 ? undefined : Math.floor((usd / price) * 1e6);
  }

  /**
   * One turn of a model. It is attempted once.
   * @throws MissionError `timeout`, `too_many_requests`, `unavailable`, `model_error`
   */
  async ask(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    const config = this.options.models[request.model]!;
    const { provider, model } = config;
    const asked = { name: request.model, provider, model, timeoutMs: options.timeoutMs };
    const apiKey = await this.keyOf(request.model, config);
    try {
      return await generate(config, apiKey, request, options);
    } catch (thrown) {
      throw modelFailure(thrown, asked);
    }
  }

  /** A key that comes from the environment is kept out of what is recorded, too. */
  private async keyOf(name: string, { apiKey }: ModelConfig): Promise<string | undefined> {
    const secret = secretNameOf(apiKey);
    if (secret === undefined) {
      if (apiKey !== undefined) this.options.redactor.learn(`models.${name}`, apiKey);
      return apiKey;
    }
    const use = { actor: 'system:models', permissions: null, where: { model: name } };
    return this.options.secrets.resolve(secret, use);
  }
}

async function generate(
  config: ModelConfig,
  apiKey: string | undefined,
  { system, said, tools, most }: ModelRequest,
  { timeoutMs, signal }: AskOptions,
): Promise<ModelAnswer> {
  const { generateText, jsonSchema, tool } = await import('ai');
  // It would write to the console.
  (globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;
  const toolOf = ({ name, description, schema }: ToolSpec) =>
    [name, tool({ description, inputSchema: jsonSchema(schema) })] as const;
  const bound = boundOf(config, most);
  const { text, toolCalls, finishReason, usage } = await generateText({
    model: await openModel(config, apiKey),
    ...(system !== '' && { instructions: system }),
    messages: toMessages(said),
    ...(tools.length > 0 && { tools: Object.fromEntries(tools.map(toolOf)) }),
    ...(bound !== undefined && { maxOutputTokens: bound }),
    maxRetries: 0,
    abortSignal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (finishReason === 'content-filter') throw new Error('it refuses to answer this');
  const cut = finishReason === 'length';
  return { text, calls: toolCalls.map(callOf), cut, usage: usageOf(config, usage) };
}

/** A model refuses a bound beyond what it can answer, and some refuse any: without need there is none. */
function boundOf({ maxOutputTokens }: ModelConfig, most = Infinity): number | undefined {
  return most < (maxOutputTokens ?? MODEST) ? Math.max(1, most) : maxOutputTokens;
}

interface SdkCall {
  toolCallId: string;
  toolName: string;
  input: unknown;
}

/** What the model writes need not be what it should be. */
function callOf({ toolCallId: id, toolName: tool, input }: SdkCall): TurnCall {
  if (isObject(input as Json)) return { id, tool, arguments: input as Json };
  const shown = (typeof input === 'string' ? input : JSON.stringify(input)).slice(0, 200);
  return { id, tool, arguments: {}, problem: `the arguments are no JSON object: ${shown}` };
}

function usageOf(
  { inputUsdPerMillion, outputUsdPerMillion }: ModelConfig,
  {
    inputTokens = 0,
    outputTokens = 0,
  }: { inputTokens?: number | undefined; outputTokens?: number | undefined },
): Usage {
  const usd = (inputTokens * inputUsdPerMillion + outputTokens * outputUsdPerMillion) / 1e6;
  return { input_tokens: inputTokens, output_tokens: outputTokens, cost_usd: roundUsd(usd) };
}
