import type { Json } from '../contracts/json/json.js';
import type { ListPart } from '../contracts/run/segment.js';
import type { LoopRecord } from '../contracts/run/records.js';
import type { RunScope } from '../contracts/run/scope.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { Block } from '../language/run/state/block.js';
import type { ValueEffects } from '../language/run/state/value-effects.js';
import { excerpt } from '../language/text/excerpt.js';
import type { Blobs } from '../runs/values/blobs.js';
import { composeLoop } from '../runs/values/compose-loop.js';
import { renderFetching } from './render-fetching.js';

/** The source of the values of a run. */
export interface ValueSource {
  run: RunScope;
  inputs: Json;
  blobs: Blobs;
}

/** The interpreter's effects on values where the database can be reached: in a segment, a replay or a shadow run. */
export abstract class StoredValues<Source extends ValueSource> implements ValueEffects {
  /** @param limit values with more bytes of JSON become references; absent = 128 KiB */
  constructor(
    protected readonly source: Source,
    private readonly limit?: number,
  ) {}

  abstract now: () => number;

  render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    const { run, inputs, blobs } = this.source;
    return renderFetching(blobs, template, { run, inputs, now: this.now }, block, place);
  }

  keep(value: Json): Promise<Json> {
    return this.source.blobs.keep(value, this.limit);
  }

  async part(list: Json): Promise<ListPart | undefined> {
    const items = await this.source.blobs.open(list);
    return Array.isArray(items) ? { count: items.length, from: 0, items } : undefined;
  }

  async text(value: Json): Promise<string> {
    return excerpt(await this.source.blobs.resolve(value));
  }

  compose(loop: LoopRecord, count: number): Promise<Json> {
    return composeLoop(this.source.blobs, loop, count, this.limit);
  }
}
