import type { McpStatus } from '../../observation/readers/mcp-status.reader.js';
import type { SystemScript } from '../services/system-script.js';

/**
 * Lists every configured server that the script may read, with its state;
 * healthy means connected on every live worker.
 */
export const checkMcpHealth: SystemScript = async (_call, services) => {
  const all = await services.mcps().all();
  const mcps = all.filter(({ server }) => services.mayRead(server)).map(toMcp);
  const healthy = mcps.filter(({ status }) => status === 'connected');
  const unhealthy = mcps.filter(({ status }) => status !== 'connected');
  return {
    mcps,
    healthy_mcps: healthy,
    unhealthy_mcps: unhealthy,
    count: mcps.length,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
  };
};

const toMcp = ({ server, state, reason, since, transport, workers }: McpStatus) => ({
  id: server,
  status: state,
  reason,
  since: since?.toISOString() ?? null,
  transport,
  workers: workers.length,
});
