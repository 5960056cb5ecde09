import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/create-activities.js';

/** Built beside us; absent where we run from the sources. */
const BUNDLE = join(import.meta.dirname, '../workflow-bundle.js');
/** The same with failures whose text is encrypted. */
const BUNDLE_ENCRYPTED = join(import.meta.dirname, '../workflow-bundle-encrypted.js');
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
  dataConverter?: DataConverter,
): Promise<Worker> {
  const codePath = dataConverter ? BUNDLE_ENCRYPTED : BUNDLE;
  const workflows = existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: SOURCES };
  const place = { namespace, taskQueue, identity };
  const options = { ...OPTIONS, ...workflows, ...place, connection, activities };
  return Worker.create({ ...options, ...(dataConverter && { dataConverter }) });
}
