import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import type { StepError } from '../../contracts/errors.js';
import { plainText } from '../../platform/database/sql/plain-text.js';
import { audited } from '../../platform/database/sql/audited.js';
import { notify } from '../../platform/database/sql/notify.js';
import { query } from '../../platform/database/sql/query.js';
import { literal, sql, type Sql } from '../../platform/database/sql/sql.js';
import { type EngineIdentity, engineIdOf } from '../../contracts/run/engine-id.js';
import { ending, NOTIFY_ENDED, NOTIFY_FREED } from './finish.js';

interface TerminatedRun {
  run: string;
  error: string;
  message: string;
  engineRun: string | null;
}

/** Ends the run's row. The audit row names the last actor who requested the cancellation; other outbox rows of the run are deleted. */
const endOf = ({ run, error, message, engineRun }: TerminatedRun): Sql => sql`WITH ${ending({
  run,
  set: sql`status = 'cancelled', ended_hard = true, error = ${error}, error_message = ${message}, ended_run_id = ${engineRun}`,
  data: sql`json_build_object('status', 'cancelled', 'code', 'cancelled', 'hard', true)`,
})}, asker AS (SELECT actor, data FROM audit_events
    WHERE target = 'execution:' || ${run}::text AND action = 'execution.cancel' ORDER BY id DESC LIMIT 1),
  forced AS (${audited({
    actor: sql`coalesce((SELECT actor FROM asker), ended.actor)`,
    action: literal('execution.end_hard'),
    target: sql`'execution:' || id`,
    data: sql`SELECT data FROM asker`,
    from: sql`ended`,
  })}),
  alerted AS (INSERT INTO alerts (kind, severity, message, subject, run_id, idempotency_key)
    SELECT 'run_ended_hard', 'critical', ${message}, 'execution:' || id, id, 'hard:' || id || ':' || clock_timestamp() FROM ended),
  unsent AS (DELETE FROM outbox WHERE run_id = (SELECT id FROM ended) AND kind <> 'terminate')
  SELECT ${NOTIFY_ENDED}, ${NOTIFY_FREED} FROM ended`;

interface Claimed extends EngineIdentity {
  outbox_id: string;
}

/**
 * Ends a cancelled run that has not ended within its grace: terminates its workflow and ends its row. A worker that
 * still executes one of its steps stops at its next poll of the row. A repetition is harmless.
 */
export async function terminateRun(
  { client, dataSource }: { client: Client; dataSource: DataSource },
  claim: Claimed,
): Promise<void> {
  const { id, outbox_id, workflow_run_id } = claim;
  const [row] = await dataSource.query(STATE, [id]);
  if (!row.over && row.left > 0) return postpone(dataSource, outbox_id, row.left);
  const neverStarted = workflow_run_id === null;
  if (!row.over || neverStarted) {
    const known = await terminate(client, engineIdOf(claim), row.cancel_reason);
    if (!row.over) await end(dataSource, id, known ?? null);
    // Another worker may be starting the run just now: look for its workflow once more.
    if (neverStarted && !known && !row.over) return postpone(dataSource, outbox_id, START_SECONDS);
  }
  await dataSource.query(HURRY_CHILDREN, [id]);
  await dataSource.query('DELETE FROM outbox WHERE id = $1', [outbox_id]);
}

/** Ends the grace of the children of a run that was ended hard, so that none of them outlives it for long. */
const HURRY_CHILDREN = `WITH left_behind AS (UPDATE directive_executions SET cancel_due_at = now()
    WHERE parent_id = $1 AND completed_at IS NULL AND cancel_requested
      AND (SELECT ended_hard FROM directive_executions WHERE id = $1) RETURNING id)
  UPDATE outbox SET due_at = now(), attempts = 0 FROM left_behind
  WHERE outbox.run_id = left_behind.id AND outbox.kind = 'terminate'`;

const STATE = `SELECT cancel_reason, completed_at IS NOT NULL AS over,
  extract(epoch FROM cancel_due_at - now())::float8 AS left FROM directive_executions WHERE id = $1`;

const START_SECONDS = 15;

/** Terminates the workflow and returns its Temporal run id; undefined when no such workflow is running. */
async function terminate(
  client: Client,
  engineId: string,
  reason: string | null,
): Promise<string | undefined> {
  try {
    const { runId } = await client.workflow.getHandle(engineId).describe();
    const why = reason ? `: ${reason}` : '';
    await client.workflow
      .getHandle(engineId)
      .terminate(`cancelled, but did not end within the grace period${why}`);
    return runId;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return undefined;
  }
}

async function end(dataSource: DataSource, id: string, engineRunId: string | null) {
  const message =
    'The run was ended hard: it had no time left to end after it was cancelled. What it had begun may be half done; compensations and "always" may be missing.';
  const error: StepError = { code: 'cancelled', message, data: { hard: true } };
  const end = { run: id, error: JSON.stringify(error), message: plainText(message) };
  await query(dataSource, endOf({ ...end, engineRun: engineRunId }));
}

async function postpone(dataSource: DataSource, outboxId: string, seconds: number): Promise<void> {
  await dataSource.query(
    `UPDATE outbox SET attempts = 0, due_at = now() + $2 * interval '1 second' WHERE id = $1`,
    [outboxId, seconds],
  );
  await query(dataSource, sql`SELECT ${notify('outbox')}`);
}
