import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { ScriptCall, ScriptManifest } from '../contracts/script.js';
import { checkInputs } from '../language/inputs/check-inputs.js';
import type { Recorder } from '../observation/record.js';
import type { McpGateway } from '../tools/mcp/mcp-gateway.js';
import { withLimits } from '../tools/with-limits.js';
import { assignWorkToMcp } from './mcp/assign-work-to-mcp.script.js';
import { checkMcpHealth } from './mcp/check-mcp-health.script.js';
import { checkMcpStatus } from './mcp/check-mcp-status.script.js';
import { logFailure } from './logs/log-failure.script.js';
import { logRecovery } from './logs/log-recovery.script.js';
import { verbScript } from './kernel/verb.script.js';
import { verbCaller } from './services/verb-caller.js';
import type { Kernel } from '../verbs/kernel.js';
import { logHealthCheck } from './logs/log-health-check.script.js';
import { ActivityReader } from './services/activity-reader.js';
import { alertStalledThread } from './threads/alert-stalled-thread.script.js';
import { checkThreadHealth } from './threads/check-thread-health.script.js';
import { queryActiveThreads } from './threads/query-active-threads.script.js';
import { cleanupOldLogs } from './logs/cleanup-old-logs.script.js';
import { LogRetention } from './services/log-retention.js';
import { RunStatistics } from './services/run-statistics.js';
import { alertAnomalies } from './statistics/alert-anomalies.script.js';
import { findAnomalies } from './statistics/find-anomalies.script.js';
import { generateSummary } from './statistics/generate-summary.script.js';
import { McpControl } from './services/mcp-control.js';
import { McpReader } from './services/mcp-reader.js';
import { reconnectMcp } from './mcp/reconnect-mcp.script.js';
import { SystemLog } from './services/system-log.js';
import type { SystemScript } from './services/system-script.js';
import { grantServices } from './services/system-services.js';

/** The dependencies of system scripts. */
export interface SystemScriptsOptions {
  gateway: McpGateway;
  dataSource: DataSource;
  recorder: Recorder;
  workerId: string;
  kernel: Pick<Kernel, 'call'>;
  /** Manifests by script name. */
  manifests: ReadonlyMap<string, ScriptManifest>;
}

const SCRIPTS: ReadonlyMap<string, SystemScript> = new Map([
  ['alert_anomalies', alertAnomalies],
  ['alert_stalled_thread', alertStalledThread],
  ['assign_work_to_mcp', assignWorkToMcp],
  ['check_mcp_health', checkMcpHealth],
  ['check_mcp_status', checkMcpStatus],
  ['check_thread_health', checkThreadHealth],
  ['cleanup_old_logs', cleanupOldLogs],
  ['find_anomalies', findAnomalies],
  ['generate_summary', generateSummary],
  ['kernel_execute', verbScript('execute')],
  ['kernel_help', verbScript('help')],
  ['kernel_load', verbScript('load')],
  ['kernel_search', verbScript('search')],
  ['log_failure', logFailure],
  ['log_health_check', logHealthCheck],
  ['log_recovery', logRecovery],
  ['query_active_threads', queryActiveThreads],
  ['reconnect_mcp', reconnectMcp],
]);

/** Runs the scripts that Mission Control ships, inside the worker's process. */
export class SystemScripts {
  private readonly services: Parameters<typeof grantServices>[0];

  constructor(private readonly options: SystemScriptsOptions) {
    const { gateway, dataSource, recorder, workerId } = options;
    this.services = {
      mcps: new McpReader(gateway, dataSource),
      gateway: new McpControl(gateway, dataSource, workerId),
      logs: new SystemLog(dataSource, recorder),
      activity: new ActivityReader(dataSource),
      statistics: new RunStatistics(dataSource),
      retention: new LogRetention(dataSource),
      kernel: options.kernel,
      caller: (call) => verbCaller(dataSource, call),
    };
  }

  /**
   * @param permissions the directive's permission tags; null means all rights
   * of the actor
   * @throws MissionError `script_not_available`, `input_invalid`,
   * `permission_denied`, `timeout`, `cancelled`, or the script's own error
   */
  async run(
    name: string,
    call: ScriptCall,
    permissions: readonly string[] | null,
  ): Promise<JsonObject> {
    const script = SCRIPTS.get(name);
    const manifest = this.options.manifests.get(name);
    if (!script || !manifest) throw notAvailable(name);
    const stop = new AbortController();
    const inputs = completeInputs(manifest, call.inputs);
    const services = grantServices(this.services, permissions);
    const work = script({ ...call, inputs, signal: stop.signal }, services);
    return withLimits(work, {
      ms: call.timeoutMs,
      signal: call.signal,
      late: () => new MissionError('timeout', `${name} took longer than ${call.timeoutMs} ms`),
      cancelled: () => new MissionError('cancelled', `${name} was cancelled`),
      stop: () => stop.abort(),
    });
  }
}

const notAvailable = (name: string) =>
  new MissionError(
    'script_not_available',
    `the system script ${name} is not implemented yet`,
    { script: name },
    { retryable: false },
  );

function completeInputs(manifest: ScriptManifest, given: JsonObject): JsonObject {
  const { inputs, problems } = checkInputs(manifest.inputs, given);
  if (problems.length === 0) return inputs;
  const found = problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message));
  const message = `${manifest.name}: ${found.join('; ')}`;
  throw new MissionError('input_invalid', message, { script: manifest.name }, { retryable: false });
}
