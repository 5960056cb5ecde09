import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/create-activities.js';

/** The bundle of the workflow code, which the build writes; absent when the worker runs from the sources. */
const BUNDLE = join(import.meta.dirname, '../workflow-bundle.js');
/** The bundle whose failure converter encrypts the texts of failures. */
const BUNDLE_ENCRYPTED = join(import.meta.dirname, '../workflow-bundle-encrypted.js');
const SOURCES = join(import.meta.dirname, '../workflows/index.js');

/** The numbers are measured. With 40 concurrent workflow tasks, for example, 40 segments would block every timer. */
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

/** The namespace and task queue that a worker polls, and the identity that it reports. */
export interface Place {
  namespace: string;
  taskQueue: string;
  identity: string;
}

/** Creates the Temporal worker of this process. */
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
