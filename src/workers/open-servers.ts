import { join } from 'node:path';
import type { Config, McpServerConfig } from '../platform/config/config.js';
import { probeJail } from '../sandbox/bubblewrap/probe-jail.js';
import { stdioServers } from '../platform/config/stdio-servers.js';
import type { Jailer } from '../tools/mcp/mcp-link.js';
import { ServerJail } from '../sandbox/servers/server-jail.js';
import { protectionsOf } from '../sandbox/protections.js';
import { reportMissingJail, type JailReporter } from './report-missing-jail.js';

/** The MCP servers as this machine can run them. */
export interface OpenServers {
  servers: Config['mcpServers'];
  /** The sandbox of the servers that have permissions; absent = no server has any, or they run without a sandbox. */
  jail?: Jailer;
  close(): Promise<void>;
}

/** Opens the MCP servers, in a sandbox where they have permissions. Without a sandbox, `scripts.trust` decides, as for scripts. */
export async function openServers(
  config: Config,
  reporter: JailReporter,
  probeSandbox = probeJail,
): Promise<OpenServers> {
  const { home, project, scripts, mcpServers: servers } = config;
  const [names] = stdioServers(servers);
  const nothing = { servers, close: () => Promise.resolve() };
  if (names.length === 0) return nothing;
  const probe = await probeSandbox(project);
  if ('way' in probe) {
    const scratchRoot = join(home, 'scratch');
    const kept = protectionsOf(config, reporter.logger);
    const { way } = probe;
    const jail = new ServerJail({ way, project, scratchRoot, ...kept, bounds: scripts.limits });
    return { servers, jail, close: () => jail.close() };
  }
  const what = `MCP servers with permissions (${names.join(', ')})`;
  const unjailed = { action: 'mcp.no_jail', what, data: { servers: names } } as const;
  const refusal = await reportMissingJail(unjailed, probe, scripts, reporter);
  return refusal === undefined
    ? { ...nothing, servers: withoutPermissions(servers) }
    : { ...nothing, jail: refusing(refusal) };
}

const withoutPermissions = (servers: Config['mcpServers']): Config['mcpServers'] =>
  Object.fromEntries(
    Object.entries(servers).map(([name, server]) => {
      const { permissions: _, ...rest } = server as McpServerConfig & { transport: 'stdio' };
      return [name, rest];
    }),
  );

const refusing = (refusal: string): Jailer => ({
  start: () => {
    throw new Error(refusal);
  },
});
