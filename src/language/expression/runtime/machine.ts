import type { Json } from '../../../contracts/json/json.js';
import { isRef } from '../../../contracts/run/ref.js';
import { Exhausted } from './fault.js';
import { NeedsValue } from './needs-value.js';
import type { EvaluationScope } from './scope.js';

/** Budget of one evaluation: MAX_STEPS steps, and MAX_SIZE characters of created text. */
export const MAX_STEPS = 1_000_000;
export const MAX_SIZE = 8 * 1024 * 1024;

/** State of one evaluation: its remaining budget and its scope. */
export class Machine {
  private ids = 0;

  constructor(
    readonly scope: EvaluationScope,
    private steps = MAX_STEPS,
    private size = MAX_SIZE,
  ) {}

  /** Charges work to the budget of steps. @throws Exhausted */
  step(count = 1): void {
    this.steps -= count;
    if (this.steps < 0) throw new Exhausted(`the expression takes more than ${MAX_STEPS} steps`);
  }

  /** Charges a value to the budget of size before it is created; `size` in characters. @throws Exhausted */
  charge(size: number): void {
    this.size -= size;
    if (this.size < 0) throw new Exhausted(`the result is larger than ${MAX_SIZE} characters`);
  }

  /** Resolves a value by reference; other values are returned unchanged. @throws NeedsValue */
  open(value: Json): Json {
    if (!isRef(value)) return value;
    const found = this.scope.deref?.(value.$blob);
    if (found === undefined) throw new NeedsValue(value.$blob);
    return found;
  }

  /** Number of the next `uuid()` call in this evaluation, which makes each id different. */
  nextId(): number {
    return this.ids++;
  }
}
