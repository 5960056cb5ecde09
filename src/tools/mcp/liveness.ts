import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import type { McpSession } from './mcp-session.js';
import { FAULT } from './wire/error-message.js';
import { RAW_RESULT } from './wire/raw-result.js';

/** Refusals over HTTP of servers that know no ping. A 404 may as well say that the session is gone. */
const REFUSALS = new Set([400, 404, 405, 501]);

/**
 * Resolves when the server answers within the time. Whatever it answers, an error too, proves that it lives; silence
 * and a broken connection do not. The revision 2026-07-28 has no ping: there it is asked to introduce itself again.
 * @throws what the SDK throws
 */
export async function assertAlive({ client, isModern }: McpSession, timeout: number) {
  const ask = (method: string) => client.request({ method }, RAW_RESULT, { timeout });
  try {
    await ask(isModern ? 'server/discover' : 'ping');
  } catch (error) {
    if (isAnswer(error)) return;
    if (!(error instanceof SdkHttpError) || !REFUSALS.has(error.status)) throw error;
    // A server must know this one. Where the session is gone it is refused as well.
    await ask('tools/list').catch((second: unknown) => {
      if (!isAnswer(second)) throw second;
    });
  }
}

function isAnswer(error: unknown): boolean {
  if (error instanceof ProtocolError) return error.code !== FAULT.brokenOff;
  return error instanceof SdkError && error.code === SdkErrorCode.InvalidResult;
}
