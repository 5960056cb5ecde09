import type { SystemScript } from '../services/system-script.js';

/** Writes the tallies of a health check, and resolves alerts about what goes on again or has ended. */
export const logHealthCheck: SystemScript = async ({ inputs, context }, services) => {
  const [healthy, stalled, failed] = ['healthy', 'stalled', 'failed'].map((key) =>
    Number(inputs[key]),
  ) as [number, number, number];
  const logs = services.logs();
  const resolved = await logs.resolveStalls();
  const level = stalled + failed > 0 ? 'warn' : 'debug';
  const message = `health check: ${healthy} healthy, ${stalled} stalled, ${failed} failed`;
  const data = { healthy, stalled, failed, resolved };
  await logs.write(
    level,
    { script: 'log_health_check', subject: 'threads', message, data },
    context,
  );
  return { log_id: context.idempotency_key, healthy, stalled, failed };
};
