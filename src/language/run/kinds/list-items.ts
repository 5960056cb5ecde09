import { MissionError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';
import type { ListPart } from '../../../contracts/run/segment.js';
import type { ValueEffects } from '../state/value-effects.js';

type Values = Pick<ValueEffects, 'part' | 'text'>;

/** The items of a list, fetched part by part where it is held by reference. */
export class ListItems {
  private constructor(
    private readonly effects: Values,
    private readonly list: Json,
    private part: ListPart,
  ) {}

  /** @throws MissionError `expression_error` when the value is neither a list nor null. */
  static async open(effects: Values, list: Json, from: number): Promise<ListItems> {
    if (list === null) return new ListItems(effects, [], { count: 0, from: 0, items: [] });
    const part = await effects.part(list, from);
    if (part) return new ListItems(effects, list, part);
    const shown = (await effects.text(list)).slice(0, 100);
    throw new MissionError('expression_error', `foreach: expected a list, got ${shown}`);
  }

  get count(): number {
    return this.part.count;
  }

  async at(index: number): Promise<Json> {
    const known = this.part.items[index - this.part.from];
    if (known !== undefined) return known;
    const part = await this.effects.part(this.list, index);
    this.part = part ?? this.part;
    return part?.items[0] ?? null;
  }
}
