import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { McpTool } from '../../contracts/mcp.js';
import { mcpResult } from './mcp-result.js';
import type { McpSession } from './mcp-session.js';
import { unwrapResult } from './wire/raw-result.js';

/** How one call is made. */
export interface McpCallOptions {
  /** The server may say nothing for so long; news of its progress begin the time anew. */
  timeoutMs: number;
  /** The call may take so long in all; absent = `timeoutMs`. */
  maxTimeoutMs?: number;
  signal?: AbortSignal;
  /** Handed to the server in `_meta`, so that it can recognise a repeated call. */
  idempotencyKey?: string;
  onProgress?(done: number, total: number | undefined, message: string | undefined): void;
}

/** A server may send thousands a second. */
const PROGRESS_MS = 50;

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
    tool: Pick<McpTool, 'name' | 'inputSchema'>,
    args: JsonObject,
    options: McpCallOptions,
  ): Promise<Json> {
    const call = new AbortController();
    const unbind = bind(call, tool.name, options);
    this.running.add(call);
    try {
      const params = paramsOf(tool.name, args, options);
      // The definition has no schema of results: the SDK would throw away results outside it.
      const toolDefinition = tool as McpTool & { inputSchema: { type: 'object' } };
      const bounds = { ...boundsOf(options), signal: call.signal, toolDefinition };
      return mcpResult(tool.name, unwrapResult(await client.callTool(params, bounds)));
    } catch (error) {
      throw call.signal.aborted ? call.signal.reason : error;
    } finally {
      this.running.delete(call);
      unbind();
    }
  }

  abort(error: MissionError): void {
    for (const call of this.running) call.abort(error);
  }
}

/** Ends the call on cancellation, and when all its time is up: the SDK looks at that only when progress comes. */
function bind(call: AbortController, tool: string, options: McpCallOptions): () => void {
  const { signal, timeoutMs, maxTimeoutMs = timeoutMs } = options;
  const cancel = () =>
    call.abort(new MissionError('cancelled', `the call of ${tool} was cancelled`));
  const expire = () => {
    const message = `${tool} told of its progress and did not end within ${maxTimeoutMs} ms`;
    call.abort(new MissionError('timeout', message));
  };
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const timer = maxTimeoutMs > timeoutMs ? setTimeout(expire, maxTimeoutMs) : undefined;
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  };
}

function paramsOf(name: string, args: JsonObject, { idempotencyKey }: McpCallOptions) {
  const call = { name, arguments: args };
  return idempotencyKey === undefined
    ? call
    : { ...call, _meta: { [IDEMPOTENCY_META]: idempotencyKey } };
}

function boundsOf({ timeoutMs: timeout, maxTimeoutMs = timeout, onProgress }: McpCallOptions) {
  if (!onProgress && maxTimeoutMs <= timeout) return { timeout };
  let told = -Infinity;
  return {
    timeout,
    resetTimeoutOnProgress: maxTimeoutMs > timeout,
    onprogress: (at: { progress: number; total?: number; message?: string }) => {
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      onProgress?.(at.progress, at.total, at.message);
    },
  };
}
