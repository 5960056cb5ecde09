import type { SystemScript } from '../services/system-script.js';

/**
 * Logs that a server is connected again, and resolves the open alerts about it.
 */
export const logRecovery: SystemScript = async ({ inputs, context }, services) => {
  const mcp_id = String(inputs.mcp_id);
  const subject = `mcp:${mcp_id}`;
  const message = String(inputs.message);
  const logs = services.logs();
  await logs.write('info', { script: 'log_recovery', subject, message, data: { mcp_id } }, context);
  return { logged: true, mcp_id, resolved_alerts: await logs.resolve(subject) };
};
