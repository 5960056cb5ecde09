import type { ModelNames } from '../../contracts/catalog.js';
import type { JsonObject } from '../../contracts/json/json.js';

/**
 * Requirements of each provider for a model in `mission.yaml`. The clients of
 * the providers are in `src/tools/models/providers/providers.ts`.
 */
export const MODEL_PROVIDERS: { readonly [name in ProviderName]: ProviderRules } = {
  anthropic: { baseUrl: 'https://api.anthropic.com/v1', needsKey: true, boundName: 'max_tokens' },
  'openai-compatible': { baseUrl: undefined, needsKey: false, boundName: undefined },
};

export type ProviderName = 'anthropic' | 'openai-compatible';

interface ProviderRules {
  /** Default address; undefined means that the operator must set `base_url`. */
  baseUrl: string | undefined;
  needsKey: boolean;
  /**
   * Name of the token-limit field; undefined means that it depends on the
   * model.
   */
  boundName: string | undefined;
}

/** A language model as the operator configured it. */
export interface ModelConfig {
  provider: ProviderName;
  /** The provider's name of the model. */
  model: string;
  baseUrl: string;
  /** May be `secret://name`. */
  apiKey?: string;
  /** Sent with each request; a value may be `secret://name`. */
  headers?: Record<string, string>;
  /** Added to the body of each request. */
  parameters?: JsonObject;
  maxOutputTokens?: number;
  /**
   * Name of the token-limit field. When absent, `max_tokens` is tried first and
   * the other name after a refusal.
   */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** Whether the provider can enforce a JSON Schema on answers. */
  structuredOutput?: boolean;
  /** False: answers are not asked for as streams. */
  stream?: boolean;
  /** The longest silence before and within a streamed answer; see {@link silenceMsOf}. */
  silenceSeconds?: number;
  /** Names of the models that are asked, in this order, when this one cannot be. */
  fallback?: string[];
  /** Price in USD per million tokens; 0 means free of charge. */
  inputUsdPerMillion: number;
  outputUsdPerMillion: number;
}

/**
 * The model to use where none is named: the only one, or the one named
 * `default`.
 */
export const defaultModel = (names: readonly string[]): string | undefined =>
  names.length === 1 ? names[0] : names.find((name) => name === 'default');

/** Names of models by the tier that they stand for. */
export type ModelTiers = Readonly<Record<string, string>>;

/** The names of models that directives can refer to: a tier is a name as well. */
export function modelNames(
  models: Readonly<Record<string, unknown>>,
  tiers: ModelTiers = {},
): ModelNames {
  const names = Object.keys(models);
  const name = defaultModel(names);
  const all = new Set([...names, ...Object.keys(tiers)]);
  return { names: all, ...(name !== undefined && { default: name }) };
}

const SILENCE_SECONDS = 60;

/** How many milliseconds a model may send nothing, while its answer is streamed. */
export const silenceMsOf = ({ silenceSeconds = SILENCE_SECONDS }: ModelConfig): number =>
  Math.max(1, Math.round(silenceSeconds * 1000));
