import type { JsonObject } from '../../contracts/json/json.js';
import type { Execution } from '../../contracts/execution.js';
import type { Blobs } from '../../runs/values/blobs.js';
import type { RunEnds } from '../call/run-ends.js';
import { patienceOf, type VerbCaller } from '../call/verb-caller.js';

/** Waits for a run as long as the caller wants, at most as long as it may, and says how it stands. */
export async function outcomeOf(
  { ends, blobs }: { ends: RunEnds; blobs: Pick<Blobs, 'resolve'> },
  run: Pick<Execution, 'id' | 'status'>,
  parameters: JsonObject,
  caller: VerbCaller,
): Promise<JsonObject> {
  const ms = patienceOf(parameters, caller);
  if (ms > 0) caller.onAwait?.({ execution_id: run.id });
  const ended = ms > 0 ? await ends.waitForEnd(run.id, ms, caller.signal) : null;
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
