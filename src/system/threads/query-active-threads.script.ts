import type { JsonObject } from '../../contracts/json/json.js';
import type { SystemScript } from '../services/system-script.js';

/** Lists the runs and conversations that should go on, the longest silent first. */
export const queryActiveThreads: SystemScript = async ({ inputs, context }, services) => {
  const active = await services.activity().active(Number(inputs.limit), context.run_id);
  return { active_threads: active as unknown as JsonObject[], count: active.length };
};
