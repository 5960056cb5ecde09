import { EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { fetchServers, warnOfTools, type ServerView } from '../../client/mcp-servers.js';
import { when } from '../../render/run.js';
import { table } from '../../render/table.js';
import type { Session } from '../../client/session.js';

const COLOURS = { CONNECTED: 'green', DEGRADED: 'yellow', DISCONNECTED: 'red' } as const;
const HEAD = [
  'SERVER',
  'STATE',
  'SINCE',
  'TRANSPORT',
  'PROTOCOL',
  'JAIL',
  'TOOLS',
  'WORKERS',
  'REASON',
];

/** `mission mcp list`. With `--json` one line per server. */
export const listServers: Handler = async (session) => {
  const servers = await fetchServers(await session.api());
  if (session.json) servers.forEach((server) => session.result(server, String));
  else if (servers.length === 0)
    session.note('no MCP servers; they are configured in mission.yaml');
  else
    session.result(servers, () =>
      table(
        HEAD,
        servers.map((server) => row(session, server)),
        session.columns,
      ),
    );
  warnOfTools(session, servers);
  return EXIT.done;
};

const row = (session: Session, server: ServerView): string[] => [
  server.id,
  session.paint(COLOURS[server.state as keyof typeof COLOURS] ?? 'dim', server.state.toLowerCase()),
  when(server.since),
  server.transport ?? '-',
  server.protocolVersion ?? '-',
  server.jailed === null ? '-' : server.jailed ? 'yes' : 'no',
  String(server.tools.length),
  String(server.workers.length),
  (server.reason ?? '').replace(/\s+/g, ' '),
];
