import type { Config } from './config.js';

/**
 * The names of MCP servers over stdio: those with permissions, which are
 * jailed, and those without.
 */
export function stdioServers(servers: Config['mcpServers']): [jailed: string[], free: string[]] {
  const [jailed, free]: [string[], string[]] = [[], []];
  for (const [name, server] of Object.entries(servers)) {
    if (server.transport === 'stdio') (server.permissions ? jailed : free).push(name);
  }
  return [jailed, free];
}
