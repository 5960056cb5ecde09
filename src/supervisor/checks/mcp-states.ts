import pg from 'pg';
import { warning, type Finding } from './check.js';

interface StateRow {
  server: string;
  state: string;
  reason: string | null;
  warnings: string[];
}

const NAME = 'mcp servers';
const HINT = 'See mission mcp list';
const STATES = `SELECT DISTINCT ON (server, state, reason) server, state, reason, warnings
  FROM mcp_server_states state JOIN workers ON workers.id = state.worker_id
  WHERE workers.seen_at > now() - interval '15 seconds'
    AND (state.state <> 'connected' OR json_array_length(warnings) > 0)
  ORDER BY server, state, reason`;

/**
 * Lists the problems that live workers report about MCP servers and their
 * tools. It returns nothing when the database does not answer, because another
 * check reports that.
 */
export async function mcpStates(url: string): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return (await client.query<StateRow>(STATES)).rows.flatMap(findings);
  } catch {
    return [];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function findings({ server, state, reason, warnings }: StateRow): Finding[] {
  const why = reason === null ? '' : `: ${reason.split('\n')[0]}`;
  const down = state === 'connected' ? [] : [warning(NAME, `${server} is ${state}${why}`, HINT)];
  const hint = 'The author of the server can correct it; the other tools are not affected';
  return [...down, ...warnings.map((each) => warning(NAME, `${server}: ${each}`, hint))];
}
