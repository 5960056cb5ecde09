import type { LanguageModel } from 'ai';
import type { ModelConfig } from '../../platform/config-models.js';

/** A model of the SDK. The SDK is loaded when the first is needed: idle workers do without it. */
export async function openModel(
  { provider, model, baseUrl: baseURL }: ModelConfig,
  apiKey: string | undefined,
): Promise<LanguageModel> {
  const key = apiKey === undefined ? {} : { apiKey };
  if (provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL, ...key })(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({ name: 'openai-compatible', baseURL, ...key })(model);
}
