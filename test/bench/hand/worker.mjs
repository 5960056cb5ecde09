/**
 * A worker of its own for the workflow written by hand, beside the instance's, on the same engine: the
 * same options, the same script on the same kind of runner, started on the worker's own connection.
 * Arguments: folder of compiled files, project, scratch folder, host:port, namespace. Over its channel
 * it is told `{steps, flows, inFlight}` and answers `{ms, ids}`.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inFlight } from '../in-flight.mjs';

const [dist, project, scratchRoot, address, namespace] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(dist, file)).href);
const { ScriptHost } = await load('tools/scripts/script-host.js');
const { probeJail } = await load('sandbox/bubblewrap/probe-jail.js');
const taskQueue = 'by-hand';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const { way: jail } = await probeJail(project);
const host = new ScriptHost({ projectPath: project, scratchRoot, jail });
const script = { name: 'fib', language: 'js', file: join(project, '.ai/scripts/fib.js') };

const call = (step) => ({
  name: 'fib',
  inputs: { n: 10 },
  context: {
    run_id: 'by-hand',
    step_path: `s${step}`,
    iteration: '',
    attempt: 1,
    scratch_dir: '',
    artifacts_dir: '',
  },
  timeoutMs: 10_000,
  permissions: [],
  principal: 'by-hand',
  fresh: false,
  signal: new AbortController().signal,
  onLog: () => undefined,
  onProgress: () => undefined,
  onHeartbeat: () => undefined,
});

const connection = await NativeConnection.connect({ address });
const client = new Client({ connection, namespace });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowsPath: join(import.meta.dirname, 'workflows.mjs'),
  activities: { fib: (step) => host.run(script, call(step)) },
  maxConcurrentWorkflowTaskExecutions: 200,
  maxConcurrentActivityTaskExecutions: 100,
  maxCachedWorkflows: 250,
});

async function flow(steps) {
  const workflowId = `by-hand-${randomUUID()}`;
  const options = { taskQueue, workflowId, args: [steps], requestEagerStart: true };
  await client.workflow.execute('stepByStep', options);
  return workflowId;
}

process.on('message', async ({ steps, flows, inFlight: size }) => {
  const begun = performance.now();
  const ids = await inFlight(flows, size, () => flow(steps));
  process.send({ ms: performance.now() - begun, ids });
});
process.once('disconnect', () => worker.shutdown());
process.send({ ready: true });
await worker.run();
await host.close();
await connection.close();
process.exit(0);
