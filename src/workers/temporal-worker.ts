import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/create-activities.js';

/** Built beside us; absent where we run from the sources. */
const BUNDLE = join(import.meta.dirname, '../workflow-bundle.js');
const SOURCES = join(import.meta.dirname, '../workflows/index.js');

/** The numbers are measured: at 40 workflow tasks at once, forty segments block every timer. */
const OPTIONS = {
  maxConcurrentWorkflowTaskExecutions: 200,
  maxConcurrentLocalActivityExecutions: 100,
  maxConcurrentActivityTaskExecutions: 100,
  stickyQueueScheduleToStartTimeout: '2s',
  maxCachedWorkflows: 250,
  shutdownGraceTime: '30s',
  shutdownForceTime: '35s',
  workflowFailureErrorTypes: { '*': ['Error'] },
} satisfies Partial<WorkerOptions>;

/** Where a worker polls, and as whom. */
export interface Place {
  namespace: string;
  taskQueue: string;
  identity: string;
}

/** The Temporal worker of this process. */
export function createTemporalWorker(
  connection: NativeConnection,
  { namespace, taskQueue, identity }: Place,
  activities: Activities,
): Promise<Worker> {
  const workflows = existsSync(BUNDLE)
    ? { workflowBundle: { codePath: BUNDLE } }
    : { workflowsPath: SOURCES };
  const place = { namespace, taskQueue, identity };
  return Worker.create({ ...OPTIONS, ...workflows, ...place, connection, activities });
}
