import type { Json } from '../contracts/json/json.js';
import type { ListPart } from '../contracts/run/segment.js';
import type { LoopRecord } from '../contracts/run/records.js';
import type { RunScope, ScopeSnapshot } from '../contracts/run/scope.js';
import type { StepPlace } from '../contracts/run/place.js';
import { renderFetching } from '../replays/render-fetching.js';
import { Block } from '../language/run/state/block.js';
import { excerpt } from '../language/text/excerpt.js';
import { composeLoop } from '../runs/values/compose-loop.js';
import type { ActivityServices } from './activity-services.js';
import { listPart } from './list-part.js';

/** A template whose expressions read a stored value, with the scope to evaluate it in. */
export interface RenderInput {
  run: RunScope;
  inputs: Json;
  template: Json;
  scope: ScopeSnapshot;
  place: StepPlace;
  now_ms: number;
  /** A result with more bytes than this is returned as a reference. */
  inline_bytes: number;
}

/** Activities that read and store values that are too large for the workflow's history. */
export const valueActivities = ({ blobs }: ActivityServices) => ({
  async 'values.render'(input: RenderInput): Promise<Json> {
    const { template, place, now_ms } = input;
    const values = { ...input, now: () => now_ms };
    const block = Block.restore(input.scope);
    const result = await renderFetching(blobs, template, values, block, place);
    return blobs.keep(result, input.inline_bytes);
  },

  'values.keep': (value: Json, limit?: number): Promise<Json> => blobs.keep(value, limit),

  'values.part': (list: Json, from: number): Promise<ListPart | undefined> =>
    listPart(blobs, list, from),

  'values.text': async (value: Json): Promise<string> => excerpt(await blobs.resolve(value)),

  'values.compose': (loop: LoopRecord, count: number): Promise<Json> =>
    composeLoop(blobs, loop, count),
});
