import type { JsonObject } from '../../contracts/json/json.js';
import type { Execution } from '../../contracts/execution.js';
import type { Blobs } from '../../runs/values/blobs.js';
import { countIn } from '../call/arguments.js';
import type { RunEnds } from '../call/run-ends.js';
import { PATIENCE_MS, type VerbCaller } from '../call/verb-caller.js';

/** Waits for a run as long as the caller wants, at most as long as it may, and says how it stands. */
export async function outcomeOf(
  { ends, blobs }: { ends: RunEnds; blobs: Pick<Blobs, 'resolve'> },
  run: Pick<Execution, 'id' | 'status'>,
  parameters: JsonObject,
  { signal, patienceMs = PATIENCE_MS, onAwait }: VerbCaller,
): Promise<JsonObject> {
  const waits = parameters['wait_seconds'] !== 0;
  const seconds = waits
    ? countIn(parameters, 'wait_seconds', patienceMs / 1000, patienceMs / 1000)
    : 0;
  if (seconds > 0) onAwait?.({ execution_id: run.id });
  const ended = seconds > 0 ? await ends.waitForEnd(run.id, seconds * 1000, signal) : null;
  if (!ended) {
    const next = { verb: 'load', item_type: 'execution', item_id: run.id };
    return { execution_id: run.id, status: 'running', result: null, error: null, next };
  }
  const { status, error, duration_ms } = ended;
  const result = await blobs.resolve(ended.result);
  return {
    execution_id: run.id,
    status,
    result,
    error: error as unknown as JsonObject | null,
    duration_ms,
  };
}
