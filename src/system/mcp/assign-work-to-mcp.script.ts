import type { SystemScript } from '../services/system-script.js';

/**
 * Leases a kind of work to a server, or renews the existing lease: there is one
 * row per server and kind.
 */
export const assignWorkToMcp: SystemScript = async ({ inputs, context }, services) => {
  const mcp_id = String(inputs.mcp_id);
  const work_type = String(inputs.work_type);
  const seconds = Number(inputs.lease_seconds);
  const gateway = services.gateway(mcp_id);
  const lease = await gateway.lease(mcp_id, work_type, context.run_id, seconds);
  return {
    assigned: true,
    mcp_id,
    work_type,
    held_by: lease.run_id,
    expires_at: lease.expires_at.toISOString(),
    renewals: lease.renewals,
  };
};
