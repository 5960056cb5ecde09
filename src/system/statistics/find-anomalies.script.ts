import type { JsonObject } from '../../contracts/json/json.js';
import type { SystemScript } from '../services/system-script.js';
import { anomaliesOf } from '../analysis/anomalies.js';

/** Finds durations, failure rates, volumes and spend that are far from what is usual. */
export const findAnomalies: SystemScript = async ({ inputs }, services) => {
  const minutes = Number(inputs.lookback_minutes);
  const runs = await services.statistics().recent(minutes);
  const anomalies = runs.flatMap(anomaliesOf);
  return {
    anomalies: anomalies as unknown as JsonObject[],
    count: anomalies.length,
    directives: runs.length,
  };
};
