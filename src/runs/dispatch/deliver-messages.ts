import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { DataSource, EntityManager } from 'typeorm';
import { CHANNELS } from '../../contracts/engine.js';
import type { Message } from '../../contracts/message.js';
import type { Blobs } from '../values/blobs.js';
import { type EngineIdentity, engineIdOf } from '../../contracts/run/engine-id.js';

/** The row locks let one dispatcher at a time deliver to a run, so that messages keep their order. */
const PENDING = `SELECT id, kind, name, payload, actor FROM run_messages
  WHERE run_id = $1 AND delivered_at IS NULL ORDER BY id FOR UPDATE`;

interface Claimed extends EngineIdentity {
  outbox_id: string;
}

/** Signals a run's pending messages to its workflow, in order. A message may arrive twice; its id lets the workflow ignore the second. */
export async function deliverMessages(
  { client, dataSource, blobs }: { client: Client; dataSource: DataSource; blobs: Blobs },
  claim: Claimed,
): Promise<void> {
  const { id, outbox_id, workflow_run_id } = claim;
  await dataSource.transaction(async (tx) => {
    for (const message of await tx.query<Message[]>(PENDING, [id])) {
      const payload = await blobs.keep(message.payload);
      const started = workflow_run_id !== null;
      await signal(client, engineIdOf(claim), { ...message, payload }, started);
      await delivered(tx, message.id);
    }
    await tx.query('DELETE FROM outbox WHERE id = $1', [outbox_id]);
  });
}

/** Ignores a missing workflow when the run had started: it is over. Throws when it has not started, so that delivery is tried again. */
async function signal(
  client: Client,
  engineId: string,
  message: Message,
  started: boolean,
): Promise<void> {
  const name = message.kind === 'signal' ? message.name : message.kind;
  try {
    await client.workflow.getHandle(engineId).signal(name, message);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError) || !started) throw error;
  }
}

const delivered = (tx: EntityManager, id: string) =>
  tx.query('UPDATE run_messages SET delivered_at = now() WHERE id = $1', [id]);

/** Queues all messages of a run again, after Temporal lost its workflow. Pauses are left out: the start input carries them. */
export async function sendAgain(dataSource: DataSource, runId: string): Promise<void> {
  await dataSource.query(
    `WITH old AS (UPDATE run_messages SET delivered_at = NULL WHERE run_id = $1 AND kind <> 'pause' RETURNING 1),
     box AS (INSERT INTO outbox (kind, run_id) SELECT 'messages', $1 FROM old LIMIT 1)
     SELECT pg_notify('${CHANNELS.outbox}', '')`,
    [runId],
  );
}
