import { type Permissions, permits } from '../../contracts/permission.js';
import { requireRight } from '../../contracts/require-right.js';
import type { McpControl } from './mcp-control.js';
import type { McpReader } from './mcp-reader.js';
import type { SystemLog } from './system-log.js';

/** What system scripts are made of. */
export interface SystemServices {
  /** Needs `read:mcps`, for the server where one is named. */
  mcps(server?: string): McpReader;
  /** Whether the state of a server may be read. */
  mayRead(server: string): boolean;
  /** Needs `execute:mcp_gateway` for the server. */
  gateway(server: string): McpControl;
  /** Needs `write:logs`. */
  logs(): SystemLog;
}

/** The services that permissions name; asking for another one throws `permission_denied` with the missing right. */
export function grantServices(
  { mcps, gateway, logs }: { mcps: McpReader; gateway: McpControl; logs: SystemLog },
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
  };
}
