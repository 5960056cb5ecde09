import pg from 'pg';

const RUNNING = `SELECT s.name, e.directive_name AS directive, e.id FROM execution_steps s
  JOIN directive_executions e ON e.id = s.run_id
  WHERE s.status = 'running' AND s.kind IN ('script', 'mcp', 'turn') ORDER BY s.started_at LIMIT 4`;
const MOST = 3;

/**
 * Lists the steps that workers are executing, for a message; empty where there
 * are none, or the database does not answer.
 */
export async function workUnderWay(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string; directive: string; id: string }>(RUNNING);
    const steps = rows
      .slice(0, MOST)
      .map(({ name, directive, id }) => `${name} of ${directive} (run ${id})`);
    return [...steps, ...(rows.length > MOST ? ['and others'] : [])].join(', ');
  } catch {
    return '';
  } finally {
    await client.end().catch(() => undefined);
  }
}
