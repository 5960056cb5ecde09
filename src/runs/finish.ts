import type { DataSource } from 'typeorm';
import { CHANNELS } from '../contracts/engine.js';
import type { Outcome } from '../contracts/execution.js';
import { plainText } from '../platform/database/plain-text.js';

const STAMP = `xid = (pg_current_xact_id()::text)::bigint, seq = nextval('feed_seq')`;

/** One commit: the run's end, once; its audit row; what was still running is cancelled; feeds are told. */
const FINISH = `WITH ended AS (
    UPDATE directive_executions SET status = $2, result = $3, error = $4, error_message = $5,
      started_at = coalesce(started_at, created_at), completed_at = clock_timestamp(),
      duration_ms = extract(epoch FROM clock_timestamp() - coalesce(started_at, created_at)) * 1000, ${STAMP}
    WHERE id = $1 AND status NOT IN ('success', 'error', 'cancelled') RETURNING id, actor),
  cut AS (UPDATE execution_steps SET status = 'cancelled', completed_at = now(), ${STAMP}
    WHERE run_id = (SELECT id FROM ended) AND status = 'running'),
  audited AS (INSERT INTO audit_events (actor, action, target, data, once)
    SELECT actor, 'execution.end', 'execution:' || id, json_build_object('status', $2::text, 'code', $6::text), ''
    FROM ended ON CONFLICT (action, target, once) DO NOTHING),
  cleared AS (DELETE FROM run_segments WHERE run_id = (SELECT id FROM ended))
  SELECT pg_notify('${CHANNELS.observation}', '') FROM ended`;

/** Writes how a run ended. The first end wins; a repetition changes nothing. */
export async function finishRun(
  dataSource: DataSource,
  runId: string,
  { status, result, error }: Outcome,
): Promise<void> {
  await dataSource.query(FINISH, [
    runId,
    status,
    result === undefined ? null : JSON.stringify(result),
    error ? JSON.stringify(error) : null,
    error ? plainText(error.message) : null,
    error?.code ?? null,
  ]);
}
