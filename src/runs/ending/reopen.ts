import type { DataSource } from 'typeorm';
import { audited } from '../../platform/database/sql/audited.js';
import { notify } from '../../platform/database/sql/notify.js';
import { literal, sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';
import { STAMP } from '../../platform/database/sql/run-sql.js';

/**
 * Reopens an ended run after an operator has reset its workflow in Temporal: its end was written by another Temporal run
 * than the present one. Finished steps stay finished. Cancelled steps, the step whose failure ended the run, and the
 * steps around that step become pending again. A run whose end names no Temporal run is left unchanged.
 */
const REOPEN = new Statement<{ id: string }, { run: string; engineRun: string }>(
  'run.reopen',
  (p) => sql`WITH was AS (SELECT id, error->>'step' AS step FROM directive_executions
    WHERE id = ${p.run} AND completed_at IS NOT NULL AND ended_run_id <> ${p.engineRun} FOR UPDATE),
  back AS (UPDATE directive_executions e SET status = 'running', result = NULL, error = NULL, error_message = NULL,
      completed_at = NULL, duration_ms = NULL, ended_hard = false,
      cancel_requested = false, cancel_reason = NULL, cancel_due_at = NULL, ${STAMP}
    FROM was WHERE e.id = was.id RETURNING e.id),
  fatal AS (SELECT s.path FROM execution_steps s JOIN was ON s.run_id = was.id
    WHERE s.status = 'error' AND s.name = was.step),
  open AS (UPDATE execution_steps s SET status = 'pending', attempt = 0, error = NULL, completed_at = NULL, ${STAMP}
    FROM back WHERE s.run_id = back.id AND (s.status = 'cancelled' OR s.status = 'error' AND EXISTS
      (SELECT 1 FROM fatal WHERE fatal.path = s.path OR starts_with(fatal.path, s.path || '/')))),
  unsent AS (DELETE FROM outbox WHERE run_id = (SELECT id FROM back) AND kind IN ('cancel', 'terminate')),
  audited AS (${audited({
    actor: literal('temporal'),
    action: literal('execution.reset'),
    target: sql`'execution:' || id`,
    data: sql`json_build_object('workflow_run_id', ${p.engineRun}::text)`,
    once: sql`${p.engineRun}`,
    from: sql`back`,
  })})
  SELECT id, ${notify('observation')} FROM back`,
);

/** Reopens a run that Temporal executes again as `engineRunId`. True when the run had ended and is open now. */
export async function reopenRun(
  dataSource: DataSource,
  runId: string,
  engineRunId: string,
): Promise<boolean> {
  const rows = await REOPEN.run(dataSource, { run: runId, engineRun: engineRunId });
  return rows.length > 0;
}
