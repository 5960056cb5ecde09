import type { DataSource } from 'typeorm';
import { SLOTS_HINT } from '../../contracts/engine.js';
import type { Outcome } from '../../contracts/execution.js';
import type { Spent } from '../../contracts/run/spent.js';
import { plainText } from '../../platform/database/sql/plain-text.js';
import { audited } from '../../platform/database/sql/audited.js';
import { notify } from '../../platform/database/sql/notify.js';
import { literal, sql, type Sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';
import { requestCancel, cancelOutboxRows } from './request-cancel.js';
import { OPEN, STAMP } from '../../platform/database/sql/run-sql.js';

/** The parts of the SQL that ends a run. */
export interface EndColumns {
  /** The run's id: SQL, a parameter, or the id itself. */
  run: unknown;
  /** Assignments for the UPDATE of the run's row. */
  set: Sql;
  /** JSON for the audit row. */
  data: Sql;
  condition?: Sql;
}

/**
 * Parts of a WITH that end a run once: they write its end and its audit row, cancel its running steps and pending
 * approvals, send a message to its parent, signal the conversation that it answers, request the cancellation of its children, and delete its event waits and
 * fences. `ended` holds the run's row when this statement ended it, and is empty when the run had ended before.
 */
export const ending = ({ run, set, data, condition = sql`true` }: EndColumns): Sql => sql`ended AS (
    UPDATE directive_executions SET ${set},
      started_at = coalesce(started_at, created_at), completed_at = clock_timestamp(),
      duration_ms = extract(epoch FROM clock_timestamp() - coalesce(started_at, created_at)) * 1000, ${STAMP}
    WHERE id = ${run} AND ${OPEN} AND ${condition} RETURNING id, actor, parent_id, slot_key, ended_run_id, shadow_of, thread_id, message_id),
  cut AS (UPDATE execution_steps SET status = 'cancelled', completed_at = now(), ${STAMP}
    WHERE run_id = (SELECT id FROM ended) AND status IN ('running', 'waiting')),
  audited AS (${audited({
    actor: sql`actor`,
    action: sql`CASE WHEN shadow_of IS NULL THEN 'execution.end' ELSE 'execution.shadow_end' END`,
    target: sql`'execution:' || id`,
    data,
    once: sql`coalesce(ended_run_id, '')`,
    from: sql`ended`,
  })}),
  closed AS (UPDATE approvals SET status = 'cancelled', decided_at = now()
    WHERE run_id = (SELECT id FROM ended) AND status = 'pending' AND request_key IS NULL),
  unheard AS (DELETE FROM event_waits WHERE run_id = (SELECT id FROM ended)),
  told AS (INSERT INTO run_messages (run_id, kind, name, actor)
    SELECT parent_id, 'child', id, actor FROM ended WHERE parent_id IS NOT NULL RETURNING run_id),
  left_alone AS (${requestCancel(sql`parent_id = (SELECT id FROM ended)`, literal('its parent ended'))}),
  boxed AS (INSERT INTO outbox (kind, run_id, due_at)
    SELECT 'messages', run_id, now() FROM told UNION ALL ${cancelOutboxRows(sql`left_alone`)}
    RETURNING ${notify('outbox')}),
  answered AS (INSERT INTO outbox (kind, run_id) SELECT 'thread', thread_id FROM ended WHERE message_id IS NOT NULL
    RETURNING ${notify('outbox')}),
  cleared AS (DELETE FROM run_segments WHERE run_id = (SELECT id FROM ended))`;

/** Notifies those who wait for the run's end; {@link NOTIFY_FREED} notifies the runs that wait for its slot. */
export const NOTIFY_ENDED = notify('observation', sql`id`);
export const NOTIFY_FREED = sql`CASE WHEN slot_key IS NOT NULL THEN ${notify('outbox', literal(SLOTS_HINT))} END`;

interface Finish {
  run: string;
  status: string;
  result: string | null;
  error: string | null;
  message: string | null;
  code: string | null;
  spent: string | null;
  engineRun: string | null;
}

const FINISH = new Statement<object, Finish>(
  'run.finish',
  (p) =>
    sql`WITH ${ending({
      run: p.run,
      set: sql`status = ${p.status}, result = ${p.result}, error = ${p.error}, error_message = ${p.message},
      spent = ${p.spent}, ended_run_id = ${p.engineRun}`,
      data: sql`json_build_object('status', ${p.status}::text, 'code', ${p.code}::text)`,
    })} SELECT ${NOTIFY_ENDED}, ${NOTIFY_FREED} FROM ended`,
);

/**
 * Writes a run's outcome, and the Temporal run that reported it. The first end wins; a repetition changes nothing.
 * @returns false when the run had ended before
 */
export async function finishRun(
  dataSource: DataSource,
  runId: string,
  { status, result, error }: Outcome,
  { engineRunId, spent }: { engineRunId?: string; spent?: Spent } = {},
): Promise<boolean> {
  const ended = await FINISH.run(dataSource, {
    run: runId,
    status,
    result: result === undefined ? null : JSON.stringify(result),
    error: error ? JSON.stringify(error) : null,
    message: error ? plainText(error.message) : null,
    code: error?.code ?? null,
    spent: spent ? JSON.stringify(spent) : null,
    engineRun: engineRunId ?? null,
  });
  return ended.length > 0;
}
