import type { Json } from '../../../contracts/json/json.js';
import { isRef } from '../../../contracts/run/ref.js';
import { Exhausted } from './fault.js';
import { NeedsValue } from './needs-value.js';
import type { EvaluationScope } from './scope.js';

/** Steps that one evaluation may take, and characters of text that it may make. */
export const MAX_STEPS = 1_000_000;
export const MAX_SIZE = 8 * 1024 * 1024;

/** What one evaluation has used up, and its way to the outside. */
export class Machine {
  private ids = 0;

  constructor(
    readonly scope: EvaluationScope,
    private steps = MAX_STEPS,
    private size = MAX_SIZE,
  ) {}

  /** Pays for work. */
  step(count = 1): void {
    this.steps -= count;
    if (this.steps < 0) throw new Exhausted(`the expression takes more than ${MAX_STEPS} steps`);
  }

  /** Pays for a value before it is made; `size` in characters. */
  charge(size: number): void {
    this.size -= size;
    if (this.size < 0) throw new Exhausted(`the result is larger than ${MAX_SIZE} characters`);
  }

  /** The value itself, fetched when it is held by reference. */
  open(value: Json): Json {
    if (!isRef(value)) return value;
    const found = this.scope.deref?.(value.$blob);
    if (found === undefined) throw new NeedsValue(value.$blob);
    return found;
  }

  /** Numbers the calls of `uuid()`. */
  nextId(): number {
    return this.ids++;
  }
}
