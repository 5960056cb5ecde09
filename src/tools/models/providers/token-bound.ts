import type { JsonObject } from '../../../contracts/json/json.js';
import type { ModelConfig } from '../../../platform/config/config-models.js';
import type { Send } from './provider.js';

const [OLD, NEW] = ['max_tokens', 'max_completion_tokens'] as const;
/**
 * Models that require the new field, by address and model: the old field is
 * tried only once.
 */
const modern = new Set<string>();

/**
 * Sends a request with the token limit in the field that the model supports.
 * OpenAI's newer models refuse `max_tokens`, which most other servers expect;
 * after such a refusal the request is sent again with `max_completion_tokens`.
 * `max_tokens_field` in `mission.yaml` overrides this.
 */
export async function sendBounded(
  body: JsonObject,
  { maxTokensField, baseUrl, model }: ModelConfig,
  send: Send,
): Promise<Response> {
  const { [OLD]: bound, ...rest } = body;
  if (bound === undefined) return send(body);
  const key = `${baseUrl} ${model}`;
  const field = maxTokensField ?? (modern.has(key) ? NEW : OLD);
  const response = await send({ ...rest, [field]: bound });
  if (maxTokensField !== undefined || field === NEW) return response;
  if (response.status !== 400 && response.status !== 422) return response;
  const text = await response.text();
  if (!isAboutField(text)) return new Response(text, response);
  modern.add(key);
  return send({ ...rest, [NEW]: bound });
}

/** Whether the error is about the field itself and not about its value. */
const isAboutField = (text: string): boolean =>
  text.includes(NEW) ||
  (text.includes(OLD) &&
    /unsupported|not supported|unknown|unrecogni[sz]ed|not permitted|forbidden|unexpected/i.test(
      text,
    ));
