import type { McpStatus } from '../../observation/readers/mcp-status.reader.js';
import type { SystemScript } from '../services/system-script.js';

/**
 * Returns `{status, mcp_id, reason, since, workers}`; the status is the worst
 * one that a live worker reports.
 */
export const checkMcpStatus: SystemScript = async ({ inputs }, services) => {
  const server = String(inputs.mcp_id);
  const found = await services.mcps(server).status(server);
  return {
    status: found.state,
    mcp_id: found.server,
    reason: found.reason,
    since: found.since?.toISOString() ?? null,
    workers: found.workers.map(toWorker),
  };
};

const toWorker = (row: McpStatus['workers'][number]) => ({
  worker_id: row.worker_id,
  status: row.state,
  reason: row.reason,
  since: row.since.toISOString(),
  checked_at: row.checked_at.toISOString(),
  latency_ms: row.latency_ms,
});
