import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { McpTool } from '../../contracts/mcp.js';
import { mcpResult } from './mcp-result.js';
import type { McpSession } from './mcp-session.js';
import { unwrapResult } from './wire/raw-result.js';

/** Options of one call. */
export interface McpCallOptions {
  /**
   * Longest time without a response, in milliseconds; a progress notification
   * restarts it where `maxTimeoutMs` is larger.
   */
  timeoutMs: number;
  /**
   * Longest time of the whole call, in milliseconds; `timeoutMs` when absent.
   */
  maxTimeoutMs?: number;
  signal?: AbortSignal;
  /**
   * Sent to the server in `_meta`, so that it can recognise a repeated call.
   */
  idempotencyKey?: string;
  onProgress?(done: number, total: number | undefined, message: string | undefined): void;
}

/**
 * Reports progress at most once per interval: a server may send thousands of
 * notifications a second.
 */
const PROGRESS_MS = 50;

/** The `_meta` field of a call that carries its idempotency key. */
export const IDEMPOTENCY_META = 'mission-control/idempotency-key';

/**
 * The running calls of a connection, so that they can be aborted when it ends.
 */
export class Calls {
  private readonly running = new Set<AbortController>();

  get count(): number {
    return this.running.size;
  }

  /**
   * Sends one `tools/call`.
   * @throws the SDK's errors, or the error of {@link abort}
   */
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
      // The definition has no output schema: the SDK would reject results that
      // do not match it.
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

/**
 * Aborts the call on cancellation, and after its maximum time: the SDK checks
 * that time only when progress arrives.
 */
function bind(call: AbortController, tool: string, options: McpCallOptions): () => void {
  const { signal, timeoutMs, maxTimeoutMs = timeoutMs } = options;
  const cancel = () =>
    call.abort(new MissionError('cancelled', `the call of ${tool} was cancelled`));
  const expire = () => {
    const message = `${tool} reportedAt of its progress and did not end within ${maxTimeoutMs} ms`;
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
  let reportedAt = -Infinity;
  return {
    timeout,
    resetTimeoutOnProgress: maxTimeoutMs > timeout,
    onprogress: (at: { progress: number; total?: number; message?: string }) => {
      if (performance.now() - reportedAt < PROGRESS_MS) return;
      reportedAt = performance.now();
      onProgress?.(at.progress, at.total, at.message);
    },
  };
}
