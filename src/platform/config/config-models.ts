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

/** The names of models that directives can refer to. */
export function modelNames(models: Readonly<Record<string, unknown>>): ModelNames {
  const names = Object.keys(models);
  const name = defaultModel(names);
  return { names: new Set(names), ...(name !== undefined && { default: name }) };
}
