import { MissionError } from '../../../contracts/errors.js';
import type { JsonObject } from '../../../contracts/json/json.js';
import type { ModelConfig } from '../../../platform/config/config-models.js';
import { AnswerFailure } from './answer-failure.js';
import { failureWords, oneLine } from './failure-words.js';

/** Which model was asked. */
export interface AskedModel extends Pick<ModelConfig, 'provider' | 'model' | 'baseUrl'> {
  /** In `mission.yaml`. */
  name: string;
  timeoutMs: number;
}

/** What of the SDK's errors matters here. */
interface ApiError {
  statusCode?: number;
  responseHeaders?: Record<string, string>;
  /** The answer as it came. */
  responseBody?: string;
}

const ACCOUNT = 'See to the account at the provider';
const WHAT_TO_DO: Readonly<Record<number, string>> = {
  200: 'Correct base_url in mission.yaml: this is no answer of a model',
  400: 'Look at what is asked: a conversation may be too long for the model, a tool’s schema more than it takes',
  401: 'Correct api_key in mission.yaml',
  402: ACCOUNT,
  403: 'The key may not use this model: correct api_key or model in mission.yaml',
  404: 'There is no such model there: correct model or base_url in mission.yaml',
  413: 'The conversation is too long for the model',
};
const BUSY = new Set([429, 529]);

/** What a failed turn means to a step: `timeout`, `too_many_requests`, `unavailable`, or `model_error`, which no repetition cures. */
export function modelFailure(thrown: unknown, asked: AskedModel): MissionError {
  const who = `The model ${asked.name} (${asked.provider}, ${asked.model})`;
  if (isTimeout(thrown)) {
    const text = `${who} did not answer within ${Math.ceil(asked.timeoutMs / 1000)} s. Look at it, or raise timeout_seconds of the step.`;
    return new MissionError('timeout', text, undefined, { cause: thrown });
  }
  const { statusCode } = (thrown ?? {}) as ApiError;
  if (statusCode !== undefined) return answeredFailure(thrown as ApiError, who, asked);
  const said = messageOf(thrown);
  if (isConnectionFault(thrown)) {
    const text = `${who} cannot be reached at ${addressOf(asked)}: ${said}. Start it, or correct base_url in mission.yaml.`;
    return new MissionError('unavailable', text, undefined, { cause: thrown });
  }
  const data = { model: asked.name, provider: asked.provider };
  const text = `${who} failed: ${said}.`;
  return new MissionError('model_error', text, data, { cause: thrown, retryable: false });
}

/** Of an answer that tells of a failure, in whichever way, or that is no answer. */
function answeredFailure(thrown: ApiError, who: string, asked: AskedModel): MissionError {
  const { statusCode = 0, responseHeaders = {}, responseBody = '' } = thrown;
  const status = statusCode;
  const how =
    thrown instanceof AnswerFailure ? `200, and in it a failure (${status})` : `${status}`;
  const why = thrown instanceof AnswerFailure ? thrown.message : '';
  const said = [why, failureWords(responseBody)].filter(Boolean).join(': ') || messageOf(thrown);
  const text = `${who} answered ${how}: ${said}.`;
  const data = { model: asked.name, provider: asked.provider, status };
  const cause = { cause: thrown };
  const isPaid = !isAccountEmpty(responseBody);
  if (BUSY.has(status) && isPaid) {
    const more = { ...data, ...retryAfter(responseHeaders) };
    return new MissionError('too_many_requests', text, more, cause);
  }
  if (isPaid && (status >= 500 || status === 408))
    return new MissionError('unavailable', text, data, cause);
  const hint = isPaid ? WHAT_TO_DO[status] : ACCOUNT;
  const whole = hint === undefined ? text : `${text} ${hint}.`;
  return new MissionError('model_error', whole, data, { ...cause, retryable: false });
}

/** No patience helps where there is no money: some providers say so with the status of one who is busy. */
const isAccountEmpty = (body: string): boolean =>
  /"(?:code|type)"\s*:\s*"(?:[a-z_]*insufficient_(?:user_)?(?:quota|balance|funds|credits?)|exceeded_current_quota|billing_)[a-z_]*"/i.test(
    body,
  );

/** Without what a URL may hold of names and keys. */
function addressOf({ baseUrl }: AskedModel): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname}`;
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
  const text = [...new Set(texts)].join(': ');
  return oneLine(text || String(thrown));
}
