import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { MissionError } from '../../contracts/errors.js';
import { errorText } from './error-text.js';

/** Which call failed. */
export interface CallPlace {
  server: string;
  tool: string;
  timeoutMs: number;
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const SESSION_LOST = new Set([400, 404, 410]);
const TRANSIENT = new Set([408, 425, 429]);

/** True when the server cannot have seen the request: it is safe to connect anew and ask again. */
export function isUndelivered(error: unknown): boolean {
  if (error instanceof StreamableHTTPError) return SESSION_LOST.has(error.code ?? 0);
  const { message, cause } = (error ?? {}) as Partial<Error>;
  return (
    message === 'Not connected' || UNREACHABLE.has((cause as NodeJS.ErrnoException)?.code ?? '')
  );
}

/** What a failed call means to a step: `timeout`, `mcp_disconnected` or `mcp_error`. */
export function mcpFailure(error: unknown, place: CallPlace): MissionError {
  if (error instanceof MissionError) return error;
  const what = `${place.server}.${place.tool}`;
  if (error instanceof McpError && isOurTimeout(error)) {
    return new MissionError('timeout', `${what} did not answer within ${place.timeoutMs} ms`);
  }
  const message = `${what}: ${errorText(error)}`;
  const code = isConnectionFault(error) ? 'mcp_disconnected' : 'mcp_error';
  return new MissionError(code, message, { ...place }, { cause: error });
}

/** Servers use the same number for faults of their own. */
const isOurTimeout = ({ code, message }: McpError) =>
  code === ErrorCode.RequestTimeout && message.endsWith('Request timed out');

function isConnectionFault(error: unknown): boolean {
  if (isUndelivered(error)) return true;
  if (!(error instanceof StreamableHTTPError)) return (error as Error)?.message === 'fetch failed';
  return TRANSIENT.has(error.code ?? 0) || (error.code ?? 0) >= 500;
}
