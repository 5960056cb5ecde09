import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { audited } from '../../platform/database/sql/audited.js';
import { query } from '../../platform/database/sql/query.js';
import { literal, sql, type Sql } from '../../platform/database/sql/sql.js';
import type { Outcome } from '../../contracts/execution.js';

/** The audit row of an action that an operator took in Temporal itself, once for each Temporal run. */
const auditOf = (run: string, action: string, data: { workflow_run_id: string }): Sql =>
  audited({
    actor: literal('temporal'),
    action: literal(action),
    target: sql`${`execution:${run}`}::text`,
    data: sql`${JSON.stringify(data)}`,
    once: sql`${data.workflow_run_id}::text`,
  });

/** Temporal's `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT`: only the last event of a history. */
const CLOSE_EVENT = 2;

/**
 * The outcome of a cancelled run, with the reason of the request. A run without a request was cancelled in Temporal
 * itself, which this writes to the audit log.
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

/** The outcome of a run that was terminated in Temporal. Reason and identity come from the last event of its history, and go to the audit log. */
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
