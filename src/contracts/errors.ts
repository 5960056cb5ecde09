import type { Json } from './json/json.js';

/**
 * Every error code that Mission Control itself gives. A script may add its own
 * (`^[a-z][a-z0-9_]*$`), so code that reads a code accepts any string.
 */
export const ERROR_CODES = [
  'script_error',
  'timeout',
  'mcp_error',
  'mcp_disconnected',
  'model_error',
  'input_invalid',
  'output_invalid',
  'expression_error',
  'permission_denied',
  'script_not_available',
  'approval_denied',
  'approval_expired',
  'wait_expired',
  'steps_exceeded',
  'iterations_exceeded',
  'depth_exceeded',
  'spawns_exceeded',
  'duration_seconds_exceeded',
  'tokens_exceeded',
  'cost_usd_exceeded',
  'directive_failed',
  'always_failed',
  'not_recorded',
  'hook_failed',
  'cancelled',
  'skipped',
  'internal',
  'unauthenticated',
  'not_found',
  'conflict',
  'directive_invalid',
  'too_large',
  'too_many_requests',
  'unavailable',
  'config_invalid',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The error of a failed step or run, as plain data. */
export interface StepError {
  /** An {@link ErrorCode}, or the code that a script gave its own error. */
  code: string;
  message: string;
  /** Name of the step that failed; absent when no step caused the error. */
  step?: string;
  data?: Json;
  /** False = never retried, whatever the step's retry policy says. */
  retryable?: boolean;
}

/** The one error type of Mission Control: an expected failure, with a code that clients can rely on. */
export class MissionError extends Error {
  override readonly name = 'MissionError';

  constructor(
    readonly code: ErrorCode | (string & {}),
    message: string,
    readonly data?: Json,
    options?: { cause?: unknown; retryable?: boolean },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.retryable = options?.retryable;
  }

  readonly retryable: boolean | undefined;
}

/** Converts any thrown value to a {@link StepError}. Values other than MissionError get the code `internal`. */
export function toStepError(thrown: unknown): StepError {
  if (!(thrown instanceof MissionError)) {
    return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  const { code, message, data, retryable } = thrown;
  return {
    code,
    message,
    ...(data === undefined ? {} : { data }),
    ...(retryable === undefined ? {} : { retryable }),
  };
}
