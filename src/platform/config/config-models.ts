import type { ModelNames } from '../../contracts/catalog.js';
import type { JsonObject } from '../../contracts/json/json.js';

/** What `mission.yaml` must say of a model, by its provider. `src/tools/models/providers/providers.ts` has how each is spoken to. */
export const MODEL_PROVIDERS: { readonly [name in ProviderName]: ProviderRules } = {
  anthropic: { baseUrl: 'https://api.anthropic.com/v1', needsKey: true, boundName: 'max_tokens' },
  'openai-compatible': { baseUrl: undefined, needsKey: false, boundName: undefined },
};

export type ProviderName = 'anthropic' | 'openai-compatible';

interface ProviderRules {
  /** Where it is, where nothing else is said; undefined = that must be said. */
  baseUrl: string | undefined;
  needsKey: boolean;
  /** How the bound of an answer is called; undefined = that depends on the model. */
  boundName: string | undefined;
}

/** A language model as the operator configured it. */
export interface ModelConfig {
  provider: ProviderName;
  /** What the provider calls it. */
  model: string;
  baseUrl: string;
  /** May be `secret://name`. */
  apiKey?: string;
  /** Sent with each request; a value may be `secret://name`. */
  headers?: Record<string, string>;
  /** Added to the body of each request. */
  parameters?: JsonObject;
  maxOutputTokens?: number;
  /** How the bound of an answer is called; absent = `max_tokens`, and the other name where that is refused. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** The provider holds answers to a JSON Schema. */
  structuredOutput?: boolean;
  /** 0 = it costs nothing. */
  inputUsdPerMillion: number;
  outputUsdPerMillion: number;
}

/** The model that is meant where none is named: the only one, or the one called so. */
export const defaultModel = (names: readonly string[]): string | undefined =>
  names.length === 1 ? names[0] : names.find((name) => name === 'default');

/** The models as directives may name them. */
export function modelNames(models: Readonly<Record<string, unknown>>): ModelNames {
  const names = Object.keys(models);
  const name = defaultModel(names);
  return { names: new Set(names), ...(name !== undefined && { default: name }) };
}
