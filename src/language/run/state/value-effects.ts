import type { Json } from '../../../contracts/json/json.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import type { LoopRecord } from '../../../contracts/run/records.js';
import type { ListPart } from '../../../contracts/run/segment.js';
import type { Block } from './block.js';

/** What the interpreter needs for values: expressions, large values and the run's clock. */
export interface ValueEffects {
  /** Renders a template in a block's scope, fetching values by reference where an expression looks into one. */
  render(template: Json, block: Block, place: StepPlace): Promise<Json>;
  /** The value, or its reference where it is large. */
  keep(value: Json): Promise<Json>;
  /** A list's items from one of them on, as many as travel well; undefined when the value is no list. */
  part(list: Json, from: number): Promise<ListPart | undefined>;
  /** A value as text for people, cut where it is long. */
  text(value: Json): Promise<string>;
  /** The result of a finished loop, its pieces joined. */
  compose(loop: LoopRecord, count: number): Promise<Json>;
  /** Epoch milliseconds of the run's own clock. */
  now(): number;
}
