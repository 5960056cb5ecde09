import { randomUUID } from 'node:crypto';
import { HttpException } from '@nestjs/common';
import type { Logger } from 'pino';
import { MissionError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';

/** What a client is told of a failure, with the HTTP status that fits. */
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

/** Codes of a database that is away, full or starting: SQLSTATE classes 08, 53, 57, and the socket's. */
const AWAY = /^(08...|53...|57P0.|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/;
const AWAY_TEXT = /Connection terminated|timeout exceeded when trying to connect|not queryable/;

/**
 * The one translator of failures into what a client may know. An expected one keeps its code and message;
 * an unexpected one is masked, and logged under the correlation id that the client gets.
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
  const message = `Something went wrong on our side. The log has the details under ${correlation_id}.`;
  return { status: 500, code: 'internal', message, correlation_id };
}

function asMission(thrown: unknown): MissionError | undefined {
  if (thrown instanceof MissionError) return thrown;
  if (thrown instanceof HttpException) return ofStatus(thrown.getStatus(), thrown.message);
  if (isAway(thrown)) {
    return new MissionError(
      'unavailable',
      'The database cannot be reached. Try again in a moment.',
    );
  }
  if (NUL.has(String((thrown as { code?: unknown } | null)?.code))) {
    return new MissionError('input_invalid', 'Text must not hold the character U+0000.');
  }
  const { status, expose, message } = (thrown ?? {}) as HttpFault;
  return typeof status === 'number' && expose ? ofStatus(status, String(message)) : undefined;
}

/** SQLSTATE of text that Postgres cannot hold. */
const NUL = new Set(['22021', '22P05']);

/** What Express and its body parser throw. */
interface HttpFault {
  status?: unknown;
  expose?: unknown;
  message?: unknown;
}

const ofStatus = (status: number, message: string) =>
  status >= 500 && status !== 503
    ? undefined
    : new MissionError(CODE[status] ?? 'input_invalid', message);

function isAway(thrown: unknown): boolean {
  const { code, message, errors } = (thrown ?? {}) as {
    code?: unknown;
    message?: unknown;
    errors?: unknown[];
  };
  if (Array.isArray(errors) && errors.some(isAway)) return true;
  return AWAY.test(String(code)) || AWAY_TEXT.test(String(message));
}
