import type { ProviderName } from '../../../platform/config/config-models.js';
import { anthropic } from './anthropic.provider.js';
import { openaiCompatible } from './openai-compatible.provider.js';
import type { ModelProvider } from './provider.js';

/** The providers by their names in `mission.yaml`. */
export const PROVIDERS: Readonly<Record<ProviderName, ModelProvider>> = {
  anthropic,
  'openai-compatible': openaiCompatible,
};
