import type { DataSource } from 'typeorm';
import { CHANNELS, SLOTS_HINT } from '../contracts/engine.js';
import type { Outcome } from '../contracts/execution.js';
import type { Spent } from '../contracts/run.js';
import { plainText } from '../platform/database/plain-text.js';
import { Statement } from '../platform/database/statement.js';
import { askToEnd, endWork } from './ask-to-end.js';
import { OPEN, STAMP } from '../platform/database/run-sql.js';

/**
 * Parts of a WITH: the end of run $1, once; its audit row; what was still running is cancelled; its parent
 * is told, its children end with it; its fences go. `set` and `data` are SQL; `ended` holds the run's id when this is its end.
 */
export const ending = (set: string, data: string, condition = 'true'): string => `ended AS (
    UPDATE directive_executions SET ${set},
      started_at = coalesce(started_at, created_at), completed_at = clock_timestamp(),
      duration_ms = extract(epoch FROM clock_timestamp() - coalesce(started_at, created_at)) * 1000, ${STAMP}
    WHERE id = $1 AND ${OPEN} AND ${condition} RETURNING id, actor, parent_id, slot_key, ended_run_id, shadow_of),
  cut AS (UPDATE execution_steps SET status = 'cancelled', completed_at = now(), ${STAMP}
    WHERE run_id = (SELECT id FROM ended) AND status IN ('running', 'waiting')),
  audited AS (INSERT INTO audit_events (actor, action, target, data, once)
    SELECT actor, CASE WHEN shadow_of IS NULL THEN 'execution.end' ELSE 'execution.shadow_end' END, 'execution:' || id, ${data}, coalesce(ended_run_id, '') FROM ended
    ON CONFLICT (action, target, once) DO NOTHING),
  closed AS (UPDATE approvals SET status = 'cancelled', decided_at = now()
    WHERE run_id = (SELECT id FROM ended) AND status = 'pending'),
  unheard AS (DELETE FROM event_waits WHERE run_id = (SELECT id FROM ended)),
  told AS (INSERT INTO run_messages (run_id, kind, name, actor)
    SELECT parent_id, 'child', id, actor FROM ended WHERE parent_id IS NOT NULL RETURNING run_id),
  left_alone AS (${askToEnd('parent_id = (SELECT id FROM ended)', "'its parent ended'")}),
  boxed AS (INSERT INTO outbox (kind, run_id, due_at)
    SELECT 'messages', run_id, now() FROM told UNION ALL ${endWork('left_alone')}
    RETURNING pg_notify('${CHANNELS.outbox}', '')),
  cleared AS (DELETE FROM run_segments WHERE run_id = (SELECT id FROM ended))`;

/** Tells who waits for the run's end, and who waits for its place. */
export const TELL_ENDED = `pg_notify('${CHANNELS.observation}', id)`;
export const TELL_FREED = `CASE WHEN slot_key IS NOT NULL THEN pg_notify('${CHANNELS.outbox}', '${SLOTS_HINT}') END`;

const FINISH = new Statement(
  'run.finish',
  `WITH ${ending(
    'status = $2, result = $3, error = $4, error_message = $5, spent = $7, ended_run_id = $8',
    `json_build_object('status', $2::text, 'code', $6::text)`,
  )} SELECT ${TELL_ENDED}, ${TELL_FREED} FROM ended`,
);

/**
 * Writes how a run ended, and which of the engine's runs said so. The first end wins; a repetition changes nothing.
 * @returns false when the run had ended before
 */
export async function finishRun(
  dataSource: DataSource,
  runId: string,
  { status, result, error }: Outcome,
  { engineRunId, spent }: { engineRunId?: string; spent?: Spent } = {},
): Promise<boolean> {
  const ended = await FINISH.run(dataSource, [
    runId,
    status,
    result === undefined ? null : JSON.stringify(result),
    error ? JSON.stringify(error) : null,
    error ? plainText(error.message) : null,
    error?.code ?? null,
    spent ? JSON.stringify(spent) : null,
    engineRunId ?? null,
  ]);
  return ended.length > 0;
}
