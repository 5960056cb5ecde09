import type { Trigger } from '../execution.js';
import type { Json, JsonObject } from '../json/json.js';

/** The scope of a block, flattened: what a segment needs to go on from the middle of a run. */
export interface ScopeSnapshot {
  result: Json;
  /** Results of finished steps that bare names may come from, outermost first. */
  finished: [step: string, result: Json][];
  /** `steps.NAME`, as far as they are not among those. */
  named: JsonObject;
  /** `item`, `index`, `error`, as far as they are there. */
  locals: JsonObject;
  /** A `foreach` has finished here: an unknown `<word>_count` reads 0. */
  looped: boolean;
  /** Of how many lanes of the run that may be under way at once this block is one. */
  parallel: number;
}

/** What every expression may read of the run. */
export interface RunScope {
  id: string;
  directive: string;
  trigger: Trigger;
  actor: string;
  attempt: number;
  started_at: string;
}
