import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json.js';
import type { ModelConfig } from '../../platform/config-models.js';

/** Which model was asked. */
export interface AskedModel extends Pick<ModelConfig, 'provider' | 'model'> {
  /** In `mission.yaml`. */
  name: string;
  timeoutMs: number;
}

/** What of the SDK's errors matters here. */
interface ApiError {
  statusCode?: number;
  responseHeaders?: Record<string, string>;
}

const WHAT_TO_DO: Readonly<Record<number, string>> = {
  400: 'Look at what is asked: a conversation may be too long for the model, a tool’s schema more than it takes',
  401: 'Correct api_key in mission.yaml',
  402: 'See to the account at the provider',
  403: 'The key may not use this model: correct api_key or model in mission.yaml',
  404: 'There is no such model there: correct model or base_url in mission.yaml',
  413: 'The conversation is too long for the model',
};
const BUSY = new Set([429, 529]);
const LONGEST = 500;

/** What a failed turn means to a step: `timeout`, `too_many_requests`, `unavailable`, or `model_error`, which no repetition cures. */
export function modelFailure(thrown: unknown, asked: AskedModel): MissionError {
  const who = `The model ${asked.name} (${asked.provider}, ${asked.model})`;
  if (isTimeout(thrown)) {
    const text = `${who} did not answer within ${Math.ceil(asked.timeoutMs / 1000)} s.`;
    return new MissionError('timeout', text, undefined, { cause: thrown });
  }
  const { statusCode: status, responseHeaders = {} } = (thrown ?? {}) as ApiError;
  const said = messageOf(thrown);
  if (status === undefined && isConnectionFault(thrown)) {
    const text = `${who} cannot be reached: ${said}. See to it, or correct base_url in mission.yaml.`;
    return new MissionError('unavailable', text, undefined, { cause: thrown });
  }
  const text = `${who} ${status === undefined ? 'failed' : `answered ${status}`}: ${said}.`;
  const data = { model: asked.name, provider: asked.provider, ...(status && { status }) };
  if (status !== undefined && BUSY.has(status)) {
    const more = { ...data, ...retryAfter(responseHeaders) };
    return new MissionError('too_many_requests', text, more, { cause: thrown });
  }
  if (status !== undefined && (status >= 500 || status === 408)) {
    return new MissionError('unavailable', text, data, { cause: thrown });
  }
  const hint = status === undefined ? undefined : WHAT_TO_DO[status];
  const whole = hint === undefined ? text : `${text} ${hint}.`;
  return new MissionError('model_error', whole, data, { cause: thrown, retryable: false });
}

function retryAfter(headers: Record<string, string>): JsonObject {
  const [milliseconds, text] = [headers['retry-after-ms'], headers['retry-after']];
  const seconds =
    milliseconds === undefined ? secondsOf(text ?? '', Date.now()) : Number(milliseconds) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? { retry_after_seconds: seconds } : {};
}

/** A number of seconds, or a date. */
const secondsOf = (text: string, now: number): number =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;

function* causesOf(thrown: unknown): Generator<{ name?: string; code?: string; message?: string }> {
  for (let at = thrown, depth = 0; at && depth < 5; depth++) {
    yield at as Error;
    at = (at as Error).cause;
  }
}

const TIMEOUTS = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];
const isTimeout = (thrown: unknown): boolean =>
  [...causesOf(thrown)].some(
    ({ name, code }) => name === 'TimeoutError' || TIMEOUTS.includes(code ?? ''),
  );

const isConnectionFault = (thrown: unknown): boolean =>
  [...causesOf(thrown)].some(
    ({ code, message = '' }) =>
      /^(E[A-Z_]+|UND_ERR_\w+)$/.test(code ?? '') || /fetch failed|cannot connect/i.test(message),
  );

/** In one line. A connection's fault is told by what is at its bottom. */
function messageOf(thrown: unknown): string {
  const texts = [...causesOf(thrown)].map(({ message }) => message).filter(Boolean);
  const text = [...new Set(texts)].join(': ').replace(/\s+/g, ' ').trim();
  return (text || String(thrown)).slice(0, LONGEST).replace(/\.$/, '');
}
