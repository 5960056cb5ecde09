import { z } from 'zod';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { MODEL_PROVIDERS, type ProviderName } from './config-models.js';
import { amount, count, httpUrl, plainKey, plainText, price, secretText } from './config-texts.js';

const PROVIDERS = Object.keys(MODEL_PROVIDERS) as ProviderName[];
const BOUNDS = ['max_tokens', 'max_completion_tokens'] as const;
/** One day in seconds. */
const MAX_SILENCE = 86_400;
const NO_URL = 'is missing: write the address of the API, such as http://127.0.0.1:11434/v1';
const NO_KEY = 'is missing: write secret://name or ${NAME}';
const NO_LOGIN = 'must not contain a user name and password: send them with headers';

/**
 * Request fields that Mission Control sets, and the setting that decides each.
 */
const OWN_PARAMETERS: Readonly<Record<string, string>> = {
  ...{ model: 'model', messages: 'the directive', system: 'the directive', tools: 'the directive' },
  ...{ max_tokens: 'max_output_tokens', max_completion_tokens: 'max_output_tokens' },
  ...{ response_format: 'structured_output', output_config: 'structured_output' },
  ...{ stream: 'stream', stream_options: 'stream' },
  n: 'Mission Control, which uses a single answer',
};

/**
 * Extra fields of a request's body. They cannot hold secrets; those belong in
 * headers.
 */
const modelParameters = (env: NodeJS.ProcessEnv) =>
  z.record(plainKey, z.json()).transform((parameters, context): JsonObject => {
    const filled = Object.entries(parameters).map(([name, value]) => {
      const fault = (message: string) =>
        context.addIssue({ code: 'custom', path: [name], message });
      if (Object.hasOwn(OWN_PARAMETERS, name))
        fault(`cannot be set here: it is decided by ${OWN_PARAMETERS[name]}`);
      return [name, filledIn(value, env, fault)];
    });
    return Object.fromEntries(filled) as JsonObject;
  });

function filledIn(value: Json, env: NodeJS.ProcessEnv, onFault: (message: string) => void): Json {
  const inner = (each: Json) => filledIn(each, env, onFault);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(each)]));
  if (typeof value !== 'string') return value;
  const { data, error } = plainText(env).safeParse(value);
  error?.issues.forEach(({ message }) => onFault(message));
  return data ?? value;
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const OWN_HEADERS = /^(content-(type|length|encoding)|host|connection|transfer-encoding)$/i;

const headerName = z
  .string()
  .regex(HEADER_NAME, 'is not a valid header name')
  .refine((name) => !OWN_HEADERS.test(name), 'is a header that cannot be set here');

const headerValue = (env: NodeJS.ProcessEnv) =>
  secretText(env).refine((text) => !/[\r\n\0]/.test(text), 'must be in one line');

const fields = (env: NodeJS.ProcessEnv) =>
  z.strictObject({
    provider: plainText(env).pipe(z.enum(PROVIDERS, `must be ${PROVIDERS.join(' or ')}`)),
    model: plainText(env).refine((text) => text.length > 0, 'is empty'),
    base_url: httpUrl(env).optional(),
    api_key: secretText(env).optional(),
    headers: z.record(headerName, headerValue(env)).optional(),
    parameters: modelParameters(env).optional(),
    max_output_tokens: count.optional(),
    max_tokens_field: z.enum(BOUNDS, `must be ${BOUNDS.join(' or ')}`).optional(),
    structured_output: z.boolean('must be true or false').optional(),
    stream: z.boolean('must be true or false').optional(),
    silence_seconds: amount.max(MAX_SILENCE, `must be at most ${MAX_SILENCE}`).optional(),
    fallback: z.array(plainText(env)).optional(),
    input_usd_per_million: price,
    output_usd_per_million: price,
  });

/**
 * The schema of a model in `mission.yaml`, with the requirements of its
 * provider.
 */
export const modelSchema = (env: NodeJS.ProcessEnv) =>
  fields(env).superRefine(({ provider, base_url, api_key, max_tokens_field }, context) => {
    const fault = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const { baseUrl, needsKey, boundName } = MODEL_PROVIDERS[provider];
    if (base_url === undefined && baseUrl === undefined) fault('base_url', NO_URL);
    if (/^https?:\/\/[^/]*@/.test(base_url ?? '')) fault('base_url', NO_LOGIN);
    if (needsKey && api_key === undefined) fault('api_key', NO_KEY);
    if (max_tokens_field !== undefined && boundName !== undefined)
      fault('max_tokens_field', `has no effect for ${provider}: it is always ${boundName}`);
  });
