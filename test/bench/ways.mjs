/** The three ways to do the same work; each runs `flows` workflows of so many steps and tells the milliseconds. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inFlight } from './in-flight.mjs';
import { chainName } from './project.mjs';

/** Runs a directive to its end through the REST API. */
export async function execute({ api, key }, directive, inputs = {}) {
  const response = await fetch(`${api}/internal/execute`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ directive_name: directive, inputs }),
  });
  const answer = await response.json();
  if (answer.status !== 'success') throw new Error(`${directive}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Starts a directive and does not wait for it; its id. */
export async function start({ api, key }, directive, inputs = {}) {
  const response = await fetch(`${api}/internal/execute?wait=false`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ directive_name: directive, inputs }),
  });
  const answer = await response.json();
  if (!answer.execution_id) throw new Error(`${directive}: ${JSON.stringify(answer)}`);
  return answer.execution_id;
}

/** A directive, its steps fused (`auto`) or each an activity of its own (`step`). */
export const byDirective =
  (instance, trace) =>
  async ({ steps, flows, size }) => {
    const directive = chainName(steps, trace);
    const begun = performance.now();
    const ids = await inFlight(flows, size, async () => {
      return (await execute(instance, directive)).execution_id;
    });
    return { ms: performance.now() - begun, ids };
  };

/** The workflow written by hand, in a process of its own. */
export async function startByHand(dist, instance) {
  const scratch = join(instance.home, 'by-hand');
  const { project, temporal_address, temporal_namespace } = instance;
  const file = join(import.meta.dirname, 'hand/worker.mjs');
  const args = [dist, project, scratch, temporal_address, temporal_namespace];
  // With the same preload as the instance's worker.
  const execArgv = [`--import=${pathToFileURL(join(dist, 'workers/workflow-thread.js'))}`];
  const child = fork(file, args, { execArgv });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the worker of the workflow by hand ended with ${code}`);
  });
  died.catch(() => undefined);
  const answer = async () => (await Promise.race([once(child, 'message'), died]))[0];
  await answer();
  const run = ({ steps, flows, size }) => {
    child.send({ steps, flows, inFlight: size });
    return answer();
  };
  const stop = async () => {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  };
  return { run, stop };
}
