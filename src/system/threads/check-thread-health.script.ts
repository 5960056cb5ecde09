import type { SystemScript } from '../services/system-script.js';

/** Judges one run or conversation: healthy, stalled or failed, with the reason. */
export const checkThreadHealth: SystemScript = async ({ inputs }, services) => {
  const { thread_id, timeout_seconds } = inputs;
  const health = await services.activity().health(String(thread_id), Number(timeout_seconds));
  return { ...health };
};
