import { MissionError } from '../../contracts/errors.js';
import { permits } from './permits.js';
import type { McpControl } from './mcp-control.js';
import type { McpReader } from './mcp-reader.js';
import type { SystemLog } from './system-log.js';

/** What system scripts are made of. */
export interface SystemServices {
  /** Needs `read:mcps`. */
  mcps(): McpReader;
  /** Needs `execute:mcp_gateway` for the server. */
  gateway(server: string): McpControl;
  /** Needs `write:logs`. */
  logs(): SystemLog;
}

/** The services that permissions name; asking for another one throws `permission_denied` with the missing tag. */
export function grantServices(
  { mcps, gateway, logs }: { mcps: McpReader; gateway: McpControl; logs: SystemLog },
  permissions: readonly string[] | null,
): SystemServices {
  const require = <T>(service: T, need: string, scope?: string): T => {
    if (permits(permissions, need, scope)) return service;
    throw denied(scope === undefined ? need : `${need}:${scope}`);
  };
  return {
    mcps: () => require(mcps, 'read:mcps'),
    gateway: (server) => require(gateway, 'execute:mcp_gateway', server),
    logs: () => require(logs, 'write:logs'),
  };
}

const denied = (tag: string) =>
  new MissionError(
    'permission_denied',
    `the permission ${tag} is missing; add it to the directive's permissions`,
    { permission: tag },
    { retryable: false },
  );
