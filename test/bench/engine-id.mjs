import pg from 'pg';

/** The id of a run's workflow; an id that is no run's stays as it is. */
export async function engineIdOf({ database_url }, id) {
  const client = new pg.Client(database_url);
  await client.connect();
  try {
    const sql =
      'SELECT coalesce(workflow_id, id) AS engine_id FROM directive_executions WHERE id = $1';
    const { rows } = await client.query(sql, [id]);
    return rows[0]?.engine_id ?? id;
  } finally {
    await client.end();
  }
}
