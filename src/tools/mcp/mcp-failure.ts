import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { MissionError } from '../../contracts/errors.js';
import { errorText } from './wire/error-text.js';
import { FAULT } from './wire/error-message.js';

/** The server, tool and timeout of a failed call. */
export interface CallPlace {
  server: string;
  tool: string;
  timeoutMs: number;
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const SESSION_LOST = new Set([400, 404, 410]);
const TRANSIENT = new Set([408, 425, 429]);
/** Messages of `fetch` for a broken connection. */
const BROKEN = new Set(['fetch failed', 'terminated']);

/**
 * True when the server cannot have received the request: reconnecting and
 * sending it again is safe.
 */
export function isUndelivered(error: unknown): boolean {
  if (error instanceof SdkHttpError) return SESSION_LOST.has(error.status);
  const { message, cause } = (error ?? {}) as Partial<Error>;
  return (
    message === 'Not connected' || UNREACHABLE.has((cause as NodeJS.ErrnoException)?.code ?? '')
  );
}

/**
 * Maps a failed call to a step's error: `timeout`, `mcp_disconnected` or
 * `mcp_error`.
 */
export function mcpFailure(error: unknown, place: CallPlace): MissionError {
  if (error instanceof MissionError) return error;
  const what = `${place.server}.${place.tool}`;
  if (isSilence(error)) {
    return new MissionError('timeout', `${what} did not answer within ${place.timeoutMs} ms`);
  }
  const message = `${what}: ${errorText(error)}`;
  const code = isConnectionFault(error) ? 'mcp_disconnected' : 'mcp_error';
  return new MissionError(code, message, { ...place }, { cause: error });
}

/**
 * True when no response came in time. A timeout error that the server itself
 * sends counts as a response.
 */
export const isSilence = (error: unknown): boolean =>
  error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;

function isConnectionFault(error: unknown): boolean {
  if (isUndelivered(error)) return true;
  if (error instanceof SdkHttpError) return TRANSIENT.has(error.status) || error.status >= 500;
  if (error instanceof SdkError) return error.code === SdkErrorCode.ConnectionClosed;
  if (error instanceof ProtocolError) return error.code === FAULT.brokenOff;
  return BROKEN.has((error as Error)?.message);
}
