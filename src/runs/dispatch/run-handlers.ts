import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { STAMP, UNSYNCED } from '../../platform/database/sql/run-sql.js';
import { sql } from '../../platform/database/sql/sql.js';
import { Statement } from '../../platform/database/sql/statement.js';
import type { Logger } from '../../platform/logger.js';
import type { Blobs } from '../values/blobs.js';
import { deliverMessages, sendAgain } from './deliver-messages.js';
import { terminateRun } from '../ending/terminate-run.js';
import { engineIdOf } from '../../contracts/run/engine-id.js';
import type { OutboxClaim, OutboxHandlers } from './outbox-claim.js';
import type { Plans } from '../values/plans.js';
import { reuseSteps } from './reuse-steps.js';
import { seedOf, startRun } from './start-run.js';

export interface RunHandlerOptions {
  dataSource: DataSource;
  /** Must use the worker's own connection: only then can an eager start hand the first task to this worker. */
  client: Client;
  plans: Plans;
  blobs: Blobs;
  searchable: boolean;
  taskQueue: string;
  logger: Logger;
}

const STARTED = new Statement<
  object,
  { order: string; run: string; engineId: string; engineRun: string | null }
>(
  'outbox.started',
  (p) => sql`WITH gone AS (DELETE FROM outbox WHERE id = ${p.order})
  UPDATE directive_executions SET status = CASE WHEN status = 'pending' THEN 'running' ELSE status END,
    started_at = coalesce(started_at, now()), workflow_id = nullif(${p.engineId}::text, id),
    workflow_run_id = coalesce(${p.engineRun}, workflow_run_id), ${STAMP}
  FROM ${UNSYNCED} WHERE directive_executions.id = ${p.run}`,
);

/** The handlers that carry runs to the engine: their starts, cancellations and messages. */
export const runHandlers = (options: RunHandlerOptions): Omit<OutboxHandlers, 'thread'> => ({
  start: (claim) => start(options, claim),
  cancel: (claim) => cancel(options, claim),
  terminate: (claim) => terminateRun(options, claim),
  messages: (claim) => deliverMessages(options, claim),
});

async function start(options: RunHandlerOptions, claim: OutboxClaim): Promise<void> {
  const { client, dataSource, searchable, taskQueue } = options;
  if (claim.over) return forget(options, claim);
  const seed = await seedOf(options.blobs, claim);
  if (seed) await reuseSteps(dataSource, claim, seed);
  const recovered = claim.workflow_run_id !== null;
  const { cancel_requested: cancelled, pauses } = claim;
  const startOptions = { recovered, cancelled, pauses, searchable, taskQueue };
  const runId = await startRun(client, options, claim, startOptions);
  if (recovered) await sendAgain(dataSource, claim.id);
  const { outbox_id: order, id: run } = claim;
  const engineId = engineIdOf(claim);
  await STARTED.run(dataSource, { order, run, engineId, engineRun: runId ?? null });
}

/** Throws when Temporal does not know the run yet, so that a cancellation that overtook its start is tried again. */
async function cancel(options: RunHandlerOptions, claim: OutboxClaim): Promise<void> {
  try {
    await options.client.workflow.getHandle(engineIdOf(claim)).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if (claim.workflow_run_id === null && !claim.over) throw error;
  }
  await forget(options, claim);
}

async function forget(
  { dataSource }: RunHandlerOptions,
  { outbox_id }: OutboxClaim,
): Promise<void> {
  await dataSource.query('DELETE FROM outbox WHERE id = $1', [outbox_id]);
}
