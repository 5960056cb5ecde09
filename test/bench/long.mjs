/** Long runs and many runs: 100,000 items, 50,000 steps, 1,000 runs that wait. */
import { engineIdOf } from './engine-id.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { inFlight } from './in-flight.mjs';
import { cpuOf, rssOf } from './memory.mjs';
import { start } from './ways.mjs';

const ITEMS = 100_000;
const WAITING = 1_000;
/** Two rounds of the reconciler at least. */
const WATCHED_MS = 60_000;
/** Runs that have just begun settle: the reconciler looks at each of them again for two minutes. */
const SETTLE_MS = 130_000;
const WARM_MS = 15_000;

/** Waits for the end of a run that takes longer than a request may. */
async function run(instance, directive, inputs) {
  const id = await start(instance, directive, inputs);
  const { api, key } = instance;
  const query = '{ execution(id: "' + id + '") { status error { code message } } }';
  for (;;) {
    await sleep(250);
    const response = await fetch(`${api}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { status, error } = (await response.json()).data.execution;
    if (status === 'SUCCESS') return id;
    if (!['PENDING', 'RUNNING'].includes(status))
      throw new Error(JSON.stringify({ status, error }));
  }
}

/** Seconds for so many light items, and the worker's memory after a tenth of them and at the end. */
async function items(instance, report) {
  await run(instance, 'loop', { count: ITEMS / 10 });
  const before = rssOf(instance.home, 'workers/main');
  const begun = performance.now();
  await run(instance, 'loop', { count: ITEMS });
  const seconds = (performance.now() - begun) / 1000;
  report.items(ITEMS, seconds, before, rssOf(instance.home, 'workers/main'));
}

/** The longest of the histories that one run has had. */
async function steps(instance, report) {
  const begun = performance.now();
  const own = await run(instance, 'mixed', {});
  const seconds = (performance.now() - begun) / 1000;
  const id = await engineIdOf(instance, own);
  const address = instance.temporal_address;
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace: instance.temporal_namespace });
    const lengths = [];
    for (let runId = await firstOf(client, id); runId;) {
      const { events } = await client.workflow.getHandle(id, runId).fetchHistory();
      lengths.push(events.length);
      runId = events.at(-1).workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    }
    report.histories(seconds, lengths);
  } finally {
    await connection.close();
  }
}

async function firstOf(client, id) {
  const { raw } = await client.workflow.getHandle(id).describe();
  return raw.workflowExecutionInfo.firstRunId;
}

/** CPU of all processes while nothing happens: without waiting runs, and with them. */
async function waiting(instance, report) {
  await sleep(WARM_MS);
  const idle = await cpuWhile(instance);
  await inFlight(WAITING, 20, () => start(instance, 'waits'));
  await allWait(instance);
  await sleep(SETTLE_MS);
  const busy = await cpuWhile(instance);
  report.waiting(WAITING, idle, busy);
}

async function allWait({ database_url }) {
  const client = new pg.Client(database_url);
  await client.connect();
  const sql = `SELECT count(*)::int AS n FROM execution_steps WHERE status = 'waiting'`;
  while ((await client.query(sql)).rows[0].n < WAITING) await sleep(500);
  await client.end();
}

/** Milliseconds of CPU a second, of all processes. */
async function cpuWhile({ home }) {
  const before = cpuOf(home);
  await sleep(WATCHED_MS);
  const after = cpuOf(home);
  return (after - before) / (WATCHED_MS / 1000);
}

export async function long(instance, report) {
  await waiting(instance, report);
  await items(instance, report);
  await steps(instance, report);
}
