import type { LanguageModel } from 'ai';
import type { ModelConfig } from '../../platform/config-models.js';
import { boundedBody } from '../bounded-body.js';

const boundedFetch: typeof fetch = async (url, init) => boundedBody(await fetch(url, init));

/** A model of the SDK. The SDK is loaded when the first is needed: idle workers do without it. */
export async function openModel(
  { provider, model, baseUrl: baseURL }: ModelConfig,
  apiKey: string | undefined,
): Promise<LanguageModel> {
  const settings = { baseURL, fetch: boundedFetch, ...(apiKey !== undefined && { apiKey }) };
  if (provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic(settings)(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({ name: 'openai-compatible', ...settings })(model);
}
