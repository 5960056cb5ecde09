import type { SystemScript } from '../services/system-script.js';

/** Deletes log entries that are older than a number of days. */
export const cleanupOldLogs: SystemScript = async ({ inputs, signal }, services) => {
  const retention = services.retention();
  const { deleted, oldest } = await retention.deleteOlder(Number(inputs.max_age_days), signal);
  return { deleted_count: deleted, oldest_kept: oldest };
};
