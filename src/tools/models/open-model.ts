import type { LanguageModel } from 'ai';
import type { ModelConfig } from '../../platform/config-models.js';
import { boundedBody } from '../bounded-body.js';

let patient: Promise<typeof fetch> | undefined;

/** A fetch that waits as long as it may: Node's own gives up when nothing has come for five minutes. */
async function patientFetch(): Promise<typeof fetch> {
  const undici = await import('undici');
  const dispatcher = new undici.Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const ask = undici.fetch as unknown as typeof fetch;
  return async (url, init) => boundedBody(await ask(url, { ...init, dispatcher } as RequestInit));
}

/** A model of the SDK. The SDK is loaded when the first is needed: idle workers do without it. */
export async function openModel(
  { provider, model, baseUrl: baseURL }: ModelConfig,
  apiKey: string | undefined,
): Promise<LanguageModel> {
  const fetch = await (patient ??= patientFetch());
  const settings = { baseURL, fetch, ...(apiKey !== undefined && { apiKey }) };
  if (provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic(settings)(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({ name: 'openai-compatible', ...settings })(model);
}
