import type { ModelNames } from '../contracts/catalog.js';

/** A language model as the operator configured it. */
export interface ModelConfig {
  provider: 'anthropic' | 'openai-compatible';
  /** What the provider calls it. */
  model: string;
  baseUrl: string;
  /** May be `secret://name`. */
  apiKey?: string;
  maxOutputTokens?: number;
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
