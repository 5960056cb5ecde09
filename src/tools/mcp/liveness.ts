import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import type { McpSession } from './mcp-session.js';
import { FAULT } from './wire/error-message.js';
import { RAW_RESULT } from './wire/raw-result.js';

/**
 * HTTP statuses of servers that do not support ping. A 404 may also mean that
 * the session is gone.
 */
const REFUSALS = new Set([400, 404, 405, 501]);

/**
 * Resolves when the server answers within the time. Any answer, an error
 * included, proves that it is alive; silence and a broken connection do not.
 * Revision 2026-07-28 has no ping; there the server is asked for its
 * description again.
 * @throws the SDK's errors
 */
export async function assertAlive({ client, isModern }: McpSession, timeout: number) {
  const ask = (method: string) => client.request({ method }, RAW_RESULT, { timeout });
  try {
    await ask(isModern ? 'server/discover' : 'ping');
  } catch (error) {
    if (isAnswer(error)) return;
    if (!(error instanceof SdkHttpError) || !REFUSALS.has(error.status)) throw error;
    // Every server supports `tools/list`. If the session is gone, the server
    // refuses this as well.
    await ask('tools/list').catch((second: unknown) => {
      if (!isAnswer(second)) throw second;
    });
  }
}

function isAnswer(error: unknown): boolean {
  if (error instanceof ProtocolError) return error.code !== FAULT.brokenOff;
  return error instanceof SdkError && error.code === SdkErrorCode.InvalidResult;
}
