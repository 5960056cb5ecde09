import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../contracts/json/json.js';
import type { McpOutcome } from '../../contracts/mcp.js';
import type { ScriptCall } from '../../contracts/script.js';
import type { SystemScript } from '../services/system-script.js';

/** Time reserved for the result before the step's timeout. */
const MARGIN_MS = 2_000;

interface Try {
  attempts: number;
  outcomes: McpOutcome[];
}

/**
 * Reconnects a server on every live worker, at most `max_attempts` times, with
 * waits of `backoff_seconds` that double after each attempt. A failed reconnect
 * is a result, not an error.
 */
export const reconnectMcp: SystemScript = async (call, services) => {
  const server = String(call.inputs.mcp_id);
  const gateway = services.gateway(server);
  const end = Math.min(Date.parse(call.context.deadline), Date.now() + call.timeoutMs) - MARGIN_MS;
  const most = Number(call.inputs.max_attempts);
  for (let attempts = 1; ; attempts += 1) {
    const left = Math.max(1_000, end - Date.now());
    const last = { attempts, outcomes: await gateway.reconnect(server, left) };
    report(call, last, most);
    const waitMs = Number(call.inputs.backoff_seconds) * 1_000 * 2 ** (attempts - 1);
    const late = Date.now() + waitMs >= end;
    if (isDone(last) || attempts >= most || late) return resultOf(server, last);
    await sleep(waitMs, undefined, { signal: call.signal });
  }
};

const isDone = ({ outcomes }: Try) => outcomes.every(({ ok }) => ok);

const errorsOf = ({ outcomes }: Try) =>
  new Set(outcomes.flatMap((each) => (each.ok ? [] : [each.error.message])));

function report({ onLog, onProgress }: ScriptCall, last: Try, most: number): void {
  const { attempts } = last;
  const message = isDone(last)
    ? `attempt ${attempts} of ${most}: connected`
    : `attempt ${attempts} of ${most} failed: ${[...errorsOf(last)].join('; ')}`;
  onLog(isDone(last) ? 'info' : 'warn', message);
  onProgress(attempts, most, undefined);
}

function resultOf(server: string, last: Try): JsonObject {
  const success = isDone(last);
  return {
    success,
    mcp_id: server,
    attempts: last.attempts,
    status: success ? 'connected' : 'disconnected',
    workers: last.outcomes.map(toWorker),
    error: success ? null : [...errorsOf(last)].join('; '),
  };
}

const toWorker = (outcome: McpOutcome) => ({
  worker_id: outcome.worker_id,
  status: outcome.ok ? 'connected' : 'disconnected',
  error: outcome.ok ? null : outcome.error.message,
});
