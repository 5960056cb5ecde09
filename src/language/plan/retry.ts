import type { StepError } from '../../contracts/errors.js';
import { isObject } from '../../contracts/json/json.js';
import type { PlanStep, RetryPolicy } from '../../contracts/plan.js';

/** Codes of transient failures, which are retried by default. */
const TRANSIENT = new Set(['timeout', 'mcp_disconnected', 'too_many_requests', 'unavailable']);

/** Codes of permanent failures, which are retried only if the step's `retry_on` names them. */
const PERMANENT = new Set([
  'permission_denied',
  'script_not_available',
  'input_invalid',
  'expression_error',
  'cancelled',
]);

/** Default retry policy for transient failures. */
export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 3,
  initial_seconds: 1,
  factor: 2,
  maximum_seconds: 60,
  jitter: true,
};

/** Seconds before the next attempt, or undefined when there is none. `attempt`: the failed one, from 1. */
export function retryDelay(
  step: Pick<PlanStep, 'retry'>,
  error: StepError,
  attempt: number,
): { seconds: number; jitter: boolean } | undefined {
  const policy = step.retry ?? (TRANSIENT.has(error.code) ? DEFAULT_RETRY : undefined);
  if (!policy || attempt >= policy.attempts || !allowed(policy, error)) return undefined;
  const growth = Math.min(policy.factor ** (attempt - 1), Number.MAX_VALUE);
  const seconds = Math.min(policy.initial_seconds * growth, policy.maximum_seconds);
  const asked = askedFor(error);
  return asked > seconds ? { seconds: asked, jitter: false } : { seconds, jitter: policy.jitter };
}

/** Longest accepted `retry_after_seconds` of a server. */
const MOST_SECONDS = 600;

/** Delay in seconds that a `too_many_requests` error asks for; 0 without one. */
function askedFor({ code, data }: StepError): number {
  const asked = code === 'too_many_requests' && isObject(data) ? data.retry_after_seconds : 0;
  return typeof asked === 'number' ? Math.min(asked, MOST_SECONDS) : 0;
}

/** Delay before a retry that a hook requested. */
export const hookDelay = (attempt: number): { seconds: number; jitter: boolean } =>
  retryDelay(
    { retry: { ...DEFAULT_RETRY, attempts: Infinity } },
    { code: '', message: '' },
    attempt,
  )!;

function allowed(policy: RetryPolicy, error: StepError): boolean {
  if (error.retryable === false || policy.abort_on?.includes(error.code)) return false;
  if (policy.retry_on) return policy.retry_on.includes(error.code);
  return !PERMANENT.has(error.code);
}
