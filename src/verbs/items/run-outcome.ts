import type { JsonObject } from '../../contracts/json/json.js';
import type { Execution } from '../../contracts/execution.js';
import type { Blobs } from '../../runs/values/blobs.js';
import { countIn } from '../call/arguments.js';
import type { RunEnds } from '../call/run-ends.js';
import type { VerbCaller } from '../call/verb-caller.js';

const MAX_WAIT_SECONDS = 20;

/** Waits for a run as long as the caller wants, at most 20 s, and says how it stands. */
export async function outcomeOf(
  { ends, blobs }: { ends: RunEnds; blobs: Pick<Blobs, 'resolve'> },
  run: Pick<Execution, 'id' | 'status'>,
  parameters: JsonObject,
  { signal }: VerbCaller,
): Promise<JsonObject> {
  const waits = parameters['wait_seconds'] !== 0;
  const seconds = waits
    ? countIn(parameters, 'wait_seconds', MAX_WAIT_SECONDS, MAX_WAIT_SECONDS)
    : 0;
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
