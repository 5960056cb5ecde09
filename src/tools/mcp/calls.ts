import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json.js';
import { mcpResult } from './mcp-result.js';
import type { McpSession } from './mcp-session.js';

/** How one call is made. */
export interface McpCallOptions {
  timeoutMs: number;
  signal?: AbortSignal;
  /** Handed to the server in `_meta`, so that it can recognise a repeated call. */
  idempotencyKey?: string;
  onProgress?(done: number, total: number | undefined, message: string | undefined): void;
}

/** The `_meta` field of a call that carries its idempotency key. */
export const IDEMPOTENCY_META = 'mission-control/idempotency-key';

/** The calls that are under way on a connection, so that they can be broken off when it dies. */
export class Calls {
  private readonly running = new Set<AbortController>();

  get count(): number {
    return this.running.size;
  }

  /** Sends one `tools/call`. Throws what the SDK throws, or the error of {@link abort}. */
  async send(
    { client }: McpSession,
    tool: string,
    args: JsonObject,
    options: McpCallOptions,
  ): Promise<Json> {
    const call = new AbortController();
    const cancel = () =>
      call.abort(new MissionError('cancelled', `the call of ${tool} was cancelled`));
    if (options.signal?.aborted) cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    this.running.add(call);
    try {
      const request = { method: 'tools/call' as const, params: params(tool, args, options) };
      const { timeoutMs: timeout } = options;
      const bounds = { timeout, signal: call.signal, ...progress(options) };
      return mcpResult(tool, await client.request(request, CallToolResultSchema, bounds));
    } catch (error) {
      throw call.signal.aborted ? call.signal.reason : error;
    } finally {
      this.running.delete(call);
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  abort(error: MissionError): void {
    for (const call of this.running) call.abort(error);
  }
}

function params(name: string, args: JsonObject, { idempotencyKey }: McpCallOptions) {
  const call = { name, arguments: args };
  return idempotencyKey === undefined
    ? call
    : { ...call, _meta: { [IDEMPOTENCY_META]: idempotencyKey } };
}

function progress({ onProgress }: McpCallOptions) {
  if (!onProgress) return {};
  return {
    onprogress: (at: { progress: number; total?: number; message?: string }) =>
      onProgress(at.progress, at.total, at.message),
  };
}
