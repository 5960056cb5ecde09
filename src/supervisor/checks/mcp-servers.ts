import type { Config } from '../../platform/config/config.js';
import { probeJail } from '../../sandbox/bubblewrap/probe-jail.js';
import { stdioServers } from '../../platform/config/stdio-servers.js';
import { ok, warning, type Check, type Finding } from './check.js';

const NAME = 'mcp servers';

/**
 * Lists the MCP servers over stdio that are jailed, and those with the rights
 * of the worker.
 */
export const checkMcpServers: Check = async ({ mcpServers, project, scripts }) => {
  const [jailed, free] = stdioServers(mcpServers);
  const findings: Finding[] = [];
  if (free.length > 0) {
    const message = `${free.join(', ')}: no permissions in mission.yaml, all rights of the worker`;
    findings.push(ok(NAME, message));
  }
  return jailed.length > 0 ? [...findings, await jailedOnes(jailed, project, scripts)] : findings;
};

async function jailedOnes(
  names: readonly string[],
  project: string,
  { trust }: Config['scripts'],
): Promise<Finding> {
  const probe = await probeJail(project);
  if ('way' in probe) return ok(NAME, `${names.join(', ')}: sandboxed by ${probe.way.bwrap}`);
  const what =
    trust === 'local' ? 'run WITHOUT A SANDBOX, with all rights of the worker' : 'are not run';
  return warning(NAME, `${names.join(', ')} ${what}: ${probe.reason}`, probe.hint);
}
