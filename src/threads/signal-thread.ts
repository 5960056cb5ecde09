import type { Client } from '@temporalio/client';
import { WorkflowIdReusePolicy } from '@temporalio/common';
import type { DataSource } from 'typeorm';
import { THREAD_SIGNAL, THREAD_WORKFLOW, threadWorkflowId } from '../contracts/engine.js';
import type { ThreadInput } from '../contracts/thread.js';
import type { ThreadRow } from '../platform/database/entities/threads/thread.row.js';
import type { OutboxClaim } from '../runs/dispatch/outbox-claim.js';

export interface SignalThreadOptions {
  dataSource: DataSource;
  client: Client;
  taskQueue: string;
}

const THREAD = 'SELECT id, directive_name, mode, owner, idle_ms FROM threads WHERE id = $1';

/**
 * Makes the workflow of a thread look at its messages, and starts it where it does not run. A signal carries nothing:
 * what is to be done is in the database, so a signal may come twice or in any order.
 */
export async function signalThread(
  { dataSource, client, taskQueue }: SignalThreadOptions,
  { subject, outbox_id }: Pick<OutboxClaim, 'subject' | 'outbox_id'>,
): Promise<void> {
  const [thread] = await dataSource.query<ThreadRow[]>(THREAD, [subject]);
  if (thread) await signal(client, thread, taskQueue);
  await dataSource.query('DELETE FROM outbox WHERE id = $1', [outbox_id]);
}

async function signal(client: Client, thread: ThreadRow, taskQueue: string): Promise<void> {
  const { id, directive_name: directive, mode, owner, idle_ms } = thread;
  const input: ThreadInput = { thread_id: id, directive, ...(idle_ms !== null && { idle_ms }) };
  await client.workflow.signalWithStart(THREAD_WORKFLOW, {
    workflowId: threadWorkflowId(id),
    taskQueue,
    args: [input],
    signal: THREAD_SIGNAL,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowTaskTimeout: '5s',
    memo: { thread: id, directive, mode, owner },
    staticSummary: `${directive}, ${mode} thread of ${owner}`,
  });
}
