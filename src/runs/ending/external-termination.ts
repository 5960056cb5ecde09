import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { audited } from '../../platform/database/sql/audited.js';
import { query } from '../../platform/database/sql/query.js';
import { literal, sql, type Sql } from '../../platform/database/sql/sql.js';
import type { Outcome } from '../../contracts/execution.js';

/** What an operator did in Temporal itself. */
const auditOf = (run: string, action: string, data: { workflow_run_id: string }): Sql =>
  audited({
    actor: literal('temporal'),
    action: literal(action),
    target: sql`${`execution:${run}`}::text`,
    data: sql`${JSON.stringify(data)}`,
    once: sql`${data.workflow_run_id}::text`,
  });

/** Temporal's number for "only the last event". */
const CLOSE_EVENT = 2;

/**
 * How a run ended as cancelled, with the reason that was given; who cancelled it in the engine itself did not ask us,
 * and is written down.
 */
export async function cancelledOutcome(
  dataSource: DataSource,
  runId: string,
  engineRunId: string,
  outcome: Outcome,
): Promise<Outcome> {
  const [row] = await dataSource.query(
    'SELECT cancel_requested AS asked, cancel_reason AS reason FROM directive_executions WHERE id = $1',
    [runId],
  );
  if (!row?.asked) {
    const data = { workflow_run_id: engineRunId };
    await query(dataSource, auditOf(runId, 'execution.cancel', data));
  }
  const how = row?.asked ? (row.reason ? `: ${row.reason}` : '.') : ' in Temporal.';
  return { ...outcome, error: { code: 'cancelled', message: `The run was cancelled${how}` } };
}

/** A run that was terminated in the engine: by whom, and why, its last event tells. */
export async function terminatedOutcome(
  { client, dataSource }: { client: Client; dataSource: DataSource },
  runId: string,
  engine: { workflowId: string; runId: string },
): Promise<Outcome> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: engine,
    historyEventFilterType: CLOSE_EVENT,
  });
  const event = history?.events?.at(-1)?.workflowExecutionTerminatedEventAttributes;
  const [reason, identity] = [event?.reason ?? '', event?.identity ?? ''];
  const data = { reason, identity, workflow_run_id: engine.runId };
  await query(dataSource, auditOf(runId, 'execution.terminate', data));
  const why = reason ? `: ${reason}` : '.';
  const message = `The run was terminated in Temporal${why}`;
  return { status: 'cancelled', error: { code: 'cancelled', message } };
}
