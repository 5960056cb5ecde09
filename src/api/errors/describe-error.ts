import { randomUUID } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import type { Logger } from 'pino';
import { MissionError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';

/** The part of a failure that a client may see, with its HTTP status. */
export interface PublicError {
  status: number;
  code: string;
  message: string;
  data?: Json;
  correlation_id: string;
}

const STATUS: Record<string, number> = {
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
  timeout: 504,
};

const CODE: Record<number, string> = {
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Codes of a database that cannot be reached, is full or is starting: SQLSTATE classes 08, 53, 57, and codes of the socket. */
const UNREACHABLE = /^(08...|53...|57P0.|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/;
const UNREACHABLE_TEXT =
  /Connection terminated|timeout exceeded when trying to connect|not queryable/;

/**
 * Converts any failure into the part that a client may see. An expected failure keeps its code and message.
 * An unexpected one is masked, and logged under the correlation id that the client receives.
 */
export function describeError(thrown: unknown, log: Logger): PublicError {
  const correlation_id = randomUUID();
  const known = asMission(thrown);
  if (known && known.code !== 'internal') {
    const { code, message, data } = known;
    return {
      status: STATUS[code] ?? 400,
      code,
      message,
      ...(data !== undefined && { data }),
      correlation_id,
    };
  }
  log.error({ err: thrown, correlation_id }, 'request failed unexpectedly');
  const message = `An internal error occurred. The server’s log has the details under the correlation ID ${correlation_id}.`;
  return { status: 500, code: 'internal', message, correlation_id };
}

function asMission(thrown: unknown): MissionError | undefined {
  if (thrown instanceof MissionError) return thrown;
  if (thrown instanceof HttpException) return ofStatus(thrown.getStatus(), thrown.message);
  if (isUnreachable(thrown)) {
    return new MissionError(
      'unavailable',
      'The database cannot be reached. Try again in a moment.',
    );
  }
  if (NUL.has(String((thrown as { code?: unknown } | null)?.code))) {
    return new MissionError('input_invalid', 'Text must not contain the character U+0000.');
  }
  const { status, expose, message } = (thrown ?? {}) as HttpFault;
  return typeof status === 'number' && expose ? ofStatus(status, String(message)) : undefined;
}

/** SQLSTATEs of text that Postgres cannot store, such as NUL characters. */
const NUL = new Set(['22021', '22P05']);

/** The errors that Express and its body parser throw. */
interface HttpFault {
  status?: unknown;
  expose?: unknown;
  message?: unknown;
}

const ofStatus = (status: number, message: string) =>
  status >= 500 && status !== 503
    ? undefined
    : new MissionError(CODE[status] ?? 'input_invalid', message);

function isUnreachable(thrown: unknown): boolean {
  const { code, message, errors } = (thrown ?? {}) as {
    code?: unknown;
    message?: unknown;
    errors?: unknown[];
  };
  if (Array.isArray(errors) && errors.some(isUnreachable)) return true;
  return UNREACHABLE.test(String(code)) || UNREACHABLE_TEXT.test(String(message));
}
