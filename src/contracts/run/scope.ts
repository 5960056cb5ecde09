import type { Trigger } from '../execution.js';
import type { Json, JsonObject } from '../json/json.js';
import type { ThreadPlace } from '../thread.js';

/** The flattened scope of a block, from which a segment continues in the middle of a run. */
export interface ScopeSnapshot {
  result: Json;
  /** Results of finished steps, whose fields are readable as bare names; outermost block first. */
  finished: [step: string, result: Json][];
  /** Results that are readable as `steps.NAME` and are not in `finished`. */
  named: JsonObject;
  /** `item`, `index` and `error`, as far as the block is inside a loop or handler. */
  locals: JsonObject;
  /** True = a `foreach` has finished here, so an unknown `<word>_count` reads 0. */
  looped: boolean;
  /** Upper bound on how many branches of this run execute concurrently, this block included. */
  parallel: number;
}

/** Facts of the run that expressions may read. */
export interface RunScope {
  id: string;
  directive: string;
  trigger: Trigger;
  actor: string;
  attempt: number;
  started_at: string;
  /** The conversation that the run belongs to; absent = none. */
  thread?: ThreadPlace;
}
