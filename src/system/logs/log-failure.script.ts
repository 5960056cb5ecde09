import type { SystemScript } from '../services/system-script.js';

/**
 * Logs that a server could not be recovered; with `escalate` it raises one
 * alert for a person.
 */
export const logFailure: SystemScript = async ({ inputs, context }, services) => {
  const mcp_id = String(inputs.mcp_id);
  const message = String(inputs.message);
  const escalated = inputs.escalate === true;
  const logs = services.logs();
  const data = { mcp_id, escalated };
  const entry = { script: 'log_failure', subject: `mcp:${mcp_id}`, message, data };
  await logs.write('error', entry, context);
  const alert_id = escalated ? await logs.alert('mcp_failure', entry, context) : null;
  return { logged: true, mcp_id, escalated, alert_id };
};
