import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { CHANNELS } from '../contracts/engine.js';
import type { StepError } from '../contracts/errors.js';
import { plainText } from '../platform/database/plain-text.js';
import { ending, TELL_ENDED, TELL_FREED } from './finish.js';

/** The last one who asked for the run's end is who ends it. What it still had in the outbox is void. */
const END = `WITH ${ending(
  `status = 'cancelled', ended_hard = true, error = $2, error_message = $3, ended_run_id = $4`,
  `json_build_object('status', 'cancelled', 'code', 'cancelled', 'hard', true)`,
)}, asker AS (SELECT actor, data FROM audit_events
    WHERE target = 'execution:' || $1 AND action = 'execution.cancel' ORDER BY id DESC LIMIT 1),
  forced AS (INSERT INTO audit_events (actor, action, target, data)
    SELECT coalesce((SELECT actor FROM asker), ended.actor), 'execution.end_hard', 'execution:' || id,
      (SELECT data FROM asker) FROM ended),
  alerted AS (INSERT INTO alerts (kind, severity, message, subject, run_id, idempotency_key)
    SELECT 'run_ended_hard', 'critical', $3, 'execution:' || id, id, 'hard:' || id || ':' || clock_timestamp() FROM ended),
  unsent AS (DELETE FROM outbox WHERE run_id = (SELECT id FROM ended) AND kind <> 'terminate')
  SELECT ${TELL_ENDED}, ${TELL_FREED} FROM ended`;

interface Claimed {
  id: string;
  outbox_id: string;
  workflow_run_id: string | null;
}

/**
 * Ends a run that was to be cancelled and has not ended in its time: the engine's workflow is terminated, the row
 * says so, and whatever a worker still does for it is cut off as soon as it looks at the row. Asking again is harmless.
 */
export async function endHard(
  { client, dataSource }: { client: Client; dataSource: DataSource },
  { id, outbox_id, workflow_run_id }: Claimed,
): Promise<void> {
  const [row] = await dataSource.query(STATE, [id]);
  if (!row.over && row.left > 0) return postpone(dataSource, outbox_id, row.left);
  const neverStarted = workflow_run_id === null;
  if (!row.over || neverStarted) {
    const known = await terminate(client, id, row.cancel_reason);
    if (!row.over) await end(dataSource, id, known ?? null);
    // Its start may be under way in another worker, and come after this.
    if (neverStarted && !known && !row.over) return postpone(dataSource, outbox_id, START_SECONDS);
  }
  await dataSource.query(HURRY_CHILDREN, [id]);
  await dataSource.query('DELETE FROM outbox WHERE id = $1', [outbox_id]);
}

/** Who is ended hard leaves nobody behind who could take longer. */
const HURRY_CHILDREN = `WITH left_behind AS (UPDATE directive_executions SET cancel_due_at = now()
    WHERE parent_id = $1 AND completed_at IS NULL AND cancel_requested
      AND (SELECT ended_hard FROM directive_executions WHERE id = $1) RETURNING id)
  UPDATE outbox SET due_at = now(), attempts = 0 FROM left_behind
  WHERE outbox.run_id = left_behind.id AND outbox.kind = 'terminate'`;

const STATE = `SELECT cancel_reason, completed_at IS NOT NULL AS over,
  extract(epoch FROM cancel_due_at - now())::float8 AS left FROM directive_executions WHERE id = $1`;

const START_SECONDS = 15;

/** The engine's id of what it ended; undefined when it has no such workflow under way. */
async function terminate(
  client: Client,
  id: string,
  reason: string | null,
): Promise<string | undefined> {
  try {
    const { runId } = await client.workflow.getHandle(id).describe();
    const why = reason ? `: ${reason}` : '';
    await client.workflow.getHandle(id).terminate(`cancelled, and not ended in time${why}`);
    return runId;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return undefined;
  }
}

async function end(dataSource: DataSource, id: string, engineRunId: string | null) {
  const message =
    'The run was ended hard: it had not ended in its time after it was cancelled. What it had begun may be half done; compensations and "always" may be missing.';
  const error: StepError = { code: 'cancelled', message, data: { hard: true } };
  await dataSource.query(END, [id, JSON.stringify(error), plainText(message), engineRunId]);
}

async function postpone(dataSource: DataSource, outboxId: string, seconds: number): Promise<void> {
  await dataSource.query(
    `UPDATE outbox SET attempts = 0, due_at = now() + $2 * interval '1 second' WHERE id = $1`,
    [outboxId, seconds],
  );
  await dataSource.query(`SELECT pg_notify('${CHANNELS.outbox}', '')`);
}
