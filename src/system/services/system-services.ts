import { type Permissions, permits } from '../../contracts/permission.js';
import { requireRight } from '../../contracts/require-right.js';
import type { ScriptCall } from '../../contracts/script.js';
import type { Kernel } from '../../verbs/kernel.js';
import type { VerbCaller } from '../../verbs/call/verb-caller.js';
import type { Verb } from '../../verbs/call/verb-specs.js';
import type { ActivityReader } from './activity-reader.js';
import type { LogRetention } from './log-retention.js';
import type { RunStatistics } from './run-statistics.js';
import type { McpControl } from './mcp-control.js';
import type { McpReader } from './mcp-reader.js';
import type { SystemLog } from './system-log.js';

/**
 * The services that system scripts use, each after a check of its permission.
 */
export interface SystemServices {
  /** Requires `read:mcps`; for one server when it is named. */
  mcps(server?: string): McpReader;
  /** Whether the script may read the state of a server. */
  mayRead(server: string): boolean;
  /** Requires `execute:mcp_gateway` for the server. */
  gateway(server: string): McpControl;
  /** Requires `write:logs`. */
  logs(): SystemLog;
  /** Requires `read:threads`. */
  activity(): ActivityReader;
  /** Requires `read:executions`. */
  statistics(): RunStatistics;
  /** Requires `delete:logs`. */
  retention(): LogRetention;
  /** Requires `execute:kernel` for the verb. */
  kernel(verb: Verb): Pick<Kernel, 'call'>;
  /** Who calls a verb by a script: the speaker of the run, within the run's rights. */
  caller(call: ScriptCall): Promise<VerbCaller>;
}

export interface Services {
  mcps: McpReader;
  gateway: McpControl;
  logs: SystemLog;
  activity: ActivityReader;
  statistics: RunStatistics;
  retention: LogRetention;
  kernel: Pick<Kernel, 'call'>;
  caller(call: ScriptCall): Promise<VerbCaller>;
}

/**
 * Limits the services to a directive's permissions.
 * @throws MissionError `permission_denied` with the missing right, when a
 * script requests a service without it
 */
export function grantServices(
  { mcps, gateway, logs, activity, statistics, retention, kernel, caller }: Services,
  permissions: Permissions,
): SystemServices {
  const require = <T>(service: T, right: string, scope?: string): T => {
    const wanted = scope === undefined ? right : `${right}:${scope}`;
    requireRight(permissions, wanted, 'This system script');
    return service;
  };
  return {
    mcps: (server) => require(mcps, 'read:mcps', server),
    mayRead: (server) => permits(permissions, `read:mcps:${server}`),
    gateway: (server) => require(gateway, 'execute:mcp_gateway', server),
    logs: () => require(logs, 'write:logs'),
    activity: () => require(activity, 'read:threads'),
    statistics: () => require(statistics, 'read:executions'),
    retention: () => require(retention, 'delete:logs'),
    kernel: (verb) => require(kernel, 'execute:kernel', verb),
    caller,
  };
}
