/** What a run costs the engine and the database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { engineIdOf } from './engine-id.mjs';

const WORKFLOW_TASK_COMPLETED = 7;
const ACTIVITY_TASK_SCHEDULED = 10;
/** A connection that has become idle reports its commits within ten seconds. */
const REPORTED_MS = 11_000;

/** `{workflowTasks, activityTasks}` of one run, or of a workflow written by hand, read from its history. */
export async function tasksOf(instance, id) {
  const { temporal_address, temporal_namespace } = instance;
  const workflowId = await engineIdOf(instance, id);
  const connection = await Connection.connect({ address: temporal_address });
  try {
    const client = new Client({ connection, namespace: temporal_namespace });
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const count = (type) => events.filter((event) => event.eventType === type).length;
    return {
      workflowTasks: count(WORKFLOW_TASK_COMPLETED),
      activityTasks: count(ACTIVITY_TASK_SCHEDULED),
    };
  } finally {
    await connection.close();
  }
}

/** Transactions of the instance's database, reads among them, that some work costs beyond those of an idle one. */
export async function commitsOf({ database_url }, work) {
  const client = new pg.Client(database_url);
  await client.connect();
  const meter = async () => {
    await sleep(REPORTED_MS);
    const sql =
      'SELECT xact_commit::int AS n FROM pg_stat_database WHERE datname = current_database()';
    const { rows } = await client.query(sql);
    return { n: rows[0].n, at: performance.now() };
  };
  try {
    const [start, idle] = [await meter(), await meter()];
    await work();
    const end = await meter();
    const rate = (idle.n - start.n) / (idle.at - start.at);
    return end.n - idle.n - rate * (end.at - idle.at);
  } finally {
    await client.end();
  }
}
