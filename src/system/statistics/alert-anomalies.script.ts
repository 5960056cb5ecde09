import { isObject, type JsonObject, textOf } from '../../contracts/json/json.js';
import type { SystemScript } from '../services/system-script.js';

/** Raises an alert about each anomaly that has none, and resolves those about what is usual again. */
export const alertAnomalies: SystemScript = async ({ inputs, context }, services) => {
  const anomalies = (Array.isArray(inputs.anomalies) ? inputs.anomalies : []).filter(isObject);
  const logs = services.logs();
  const open: string[] = [];
  for (const anomaly of anomalies) open.push(await raise(anomaly));
  const resolved = await logs.resolveAnomalies(open);
  return { raised: open.length, resolved };

  function raise(anomaly: JsonObject): Promise<string> {
    const entry = {
      script: 'alert_anomalies',
      subject: `directive:${textOf(anomaly['directive'] ?? null)}`,
      message: textOf(anomaly['message'] ?? null),
      data: anomaly,
    };
    return logs.alertOnce(textOf(anomaly['kind'] ?? 'anomaly'), entry, context, 'warning');
  }
};
