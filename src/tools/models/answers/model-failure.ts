import { MissionError } from '../../../contracts/errors.js';
import type { JsonObject } from '../../../contracts/json/json.js';
import type { ModelConfig } from '../../../platform/config/config-models.js';
import { AnswerFailure } from './answer-failure.js';
import { causesOf } from './causes-of.js';
import { failureWords, oneLine } from './failure-words.js';
import { isSilence, isTimeout } from './is-timeout.js';

/** The model that was asked, for messages. */
export interface AskedModel extends Pick<ModelConfig, 'provider' | 'model' | 'baseUrl'> {
  /** Name of the model in `mission.yaml`. */
  name: string;
  timeoutMs: number;
  /** The longest silence within a streamed answer. */
  silenceMs: number;
}

/** The relevant fields of the SDK's errors. */
interface ApiError {
  statusCode?: number;
  responseHeaders?: Record<string, string>;
  /** The body of the response, unparsed. */
  responseBody?: string;
}

const ACCOUNT = 'Check the account at the provider';
const WHAT_TO_DO: Readonly<Record<number, string>> = {
  200: 'Correct base_url in mission.yaml: the answer does not come from a model API',
  400: 'Check the request: the conversation may be too long for the model, or the schema of a tool may not be supported',
  401: 'Correct api_key in mission.yaml',
  402: ACCOUNT,
  403: 'The key may not use this model: correct api_key or model in mission.yaml',
  404: 'The provider has no such model: correct model or base_url in mission.yaml',
  413: 'The conversation is too long for the model',
};
const BUSY = new Set([429, 529]);

/**
 * Maps a failed turn to a step's error: `timeout`, `too_many_requests`,
 * `unavailable`, or `model_error`, which is not retryable.
 */
export function modelFailure(thrown: unknown, asked: AskedModel): MissionError {
  const who = `The model ${asked.name} (${asked.provider}, ${asked.model})`;
  if (isSilence(thrown)) {
    const text = `${who} sent nothing for ${asked.silenceMs / 1000} s. Check the model, or raise silence_seconds of the model in mission.yaml.`;
    return new MissionError('timeout', text, undefined, { cause: thrown });
  }
  if (isTimeout(thrown)) {
    const text = `${who} did not answer within ${Math.ceil(asked.timeoutMs / 1000)} s. Check the model, or raise timeout_seconds of the step.`;
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

/** The error of a response that reports a failure or that is not an answer. */
function answeredFailure(thrown: ApiError, who: string, asked: AskedModel): MissionError {
  const { statusCode = 0, responseHeaders = {}, responseBody = '' } = thrown;
  const status = statusCode;
  const how =
    thrown instanceof AnswerFailure ? `200 with an error in the body (${status})` : `${status}`;
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

/**
 * Whether the account has no credit left. Some providers report that with
 * status 429, where a retry cannot help.
 */
const isAccountEmpty = (body: string): boolean =>
  /"(?:code|type)"\s*:\s*"(?:[a-z_]*insufficient_(?:user_)?(?:quota|balance|funds|credits?)|exceeded_current_quota|billing_)[a-z_]*"/i.test(
    body,
  );

/** The address without the credentials and the query that a URL may contain. */
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

/** Reads a `Retry-After` header: a number of seconds, or a date. */
const secondsOf = (text: string, now: number): number =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;

const isConnectionFault = (thrown: unknown): boolean =>
  [...causesOf(thrown)].some(
    ({ code, message = '' }) =>
      /^(E[A-Z_]+|UND_ERR_\w+)$/.test(code ?? '') || /fetch failed|cannot connect/i.test(message),
  );

/**
 * The messages of an error and its causes in one line: the cause of a
 * connection fault is in the innermost one.
 */
function messageOf(thrown: unknown): string {
  const texts = [...causesOf(thrown)].map(({ message }) => message).filter(Boolean);
  const text = [...new Set(texts)].join(': ');
  return oneLine(text || String(thrown));
}
