import type { Json } from '../contracts/json/json.js';
import type { Mail } from '../contracts/message.js';
import type { Records } from '../contracts/run/records.js';
import type { RunInput } from '../contracts/run/run-input.js';
import { offloadRecord, offloadState } from '../language/run/state/offload.js';
import type { Bounds } from './engine/payload-budget.js';
import type { RunState } from './run-state.js';

type Keep = (value: Json, limit: number) => Promise<Json>;

/** Builds the input for continue-as-new. Large values go by reference, because the input is a single payload. */
export async function nextInput(
  state: RunState,
  mail: Mail,
  bounds: Bounds,
  keep: Keep,
): Promise<RunInput> {
  const { spent, ending, recovered, artifacts } = state;
  const each = Math.floor(bounds.task / Math.max(1, state.records.size));
  const limit = Math.min(bounds.small, each);
  const records: Records = [];
  for (const [key, record] of state.records) {
    records.push([key, await offloadRecord(record, (value) => keep(value, limit))]);
  }
  if (ending) ending.scope = await offloadState(ending.scope, (value) => keep(value, limit));
  const { seed: _, ...input } = state.input;
  return {
    ...input,
    recovered,
    ...(artifacts && { artifacts: true as const }),
    carried: { records, spent, mail, ...(ending && { ending }) },
  };
}
