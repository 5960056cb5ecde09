import type { DataSource, EntityManager } from 'typeorm';

type Writer = Pick<DataSource | EntityManager, 'query'>;

const STAMP = "xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq')";

/** A run as the kernel accepts it. */
export async function insertRun(db: Writer, id: string, values: Record<string, unknown> = {}) {
  const row = {
    id,
    directive_name: 'demo',
    directive_version: '1.0.0',
    plan_hash: 'hash',
    triggered_by: 'manual',
    actor: 'operator',
    inputs: '{}',
    root_id: id,
    ...values,
  };
  await insert(db, 'directive_executions', row);
}

/** A step as the journal writes it. */
export async function insertStep(
  db: Writer,
  run_id: string,
  name: string,
  values: Record<string, unknown> = {},
) {
  const row = { run_id, path: name, name, kind: 'script', status: 'success', ...values };
  await insert(db, 'execution_steps', row);
}

/** A log line as the recorder writes it. */
export async function insertLog(
  db: Writer,
  run_id: string | null,
  message: string,
  values: Record<string, unknown> = {},
) {
  await insert(db, 'log_entries', { run_id, message, level: 'info', source: 'test', ...values });
}

/** A new status, at a new place of the feed. */
export async function updateRun(db: Writer, id: string, status: string) {
  await db.query(`UPDATE directive_executions SET status = $2, ${STAMP} WHERE id = $1`, [
    id,
    status,
  ]);
}

/** The hint that every writer sends after its commit; the end of a run names it. */
export const notify = (db: Writer, ended = '') =>
  db.query("SELECT pg_notify('mission_observation', $1)", [ended]);

async function insert(db: Writer, table: string, row: Record<string, unknown>) {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await db.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
}
