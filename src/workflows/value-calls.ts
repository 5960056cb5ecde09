import type { Json } from '../contracts/json/json.js';
import type { ListPart } from '../contracts/run/segment.js';
import type { LoopRecord } from '../contracts/run/records.js';
import type { RunInput } from '../contracts/run/run-input.js';
import type { StepPlace } from '../contracts/run/place.js';
import { isRef } from '../contracts/run/ref.js';
import type { Block } from '../language/run/state/block.js';
import { evaluationScope, type RunValues } from '../language/run/state/evaluation-scope.js';
import { excerpt } from '../language/text/excerpt.js';
import { NeedsValue } from '../language/expression/runtime/needs-value.js';
import { render } from '../language/expression/template.js';
import type { ActivityCalls } from './engine/activity-calls.js';
import { type PayloadBudget, sizeOf } from './engine/payload-budget.js';
import type { RunClock } from './engine/run-clock.js';

/** Renders templates and stores values. Work on values by reference happens in local activities. */
export class ValueCalls {
  private readonly values: RunValues;

  constructor(
    private readonly input: RunInput,
    private readonly calls: ActivityCalls,
    private readonly budget: PayloadBudget,
    private readonly clock: RunClock,
  ) {
    const now = () => clock.now();
    this.values = { run: input.run, inputs: input.inputs, deref: () => undefined, now };
  }

  async render(template: Json, block: Block, place: StepPlace): Promise<Json> {
    try {
      return render(template, evaluationScope(this.values, block, place));
    } catch (thrown) {
      if (!(thrown instanceof NeedsValue)) throw thrown;
      const { run, inputs } = this.input;
      const scope = block.snapshot();
      const inline_bytes = this.budget.inlineBytes(block);
      const around = { run, inputs, scope, place, now_ms: this.clock.now(), inline_bytes };
      return this.calls.local('values.render', { ...around, template });
    }
  }

  /** Returns the value, or a reference to it when it is larger than `limit` bytes. */
  async keep(value: Json, limit = this.budget.bounds.inline): Promise<Json> {
    if (isRef(value) || sizeOf(value) * 3 <= limit) return value;
    return this.calls.local('values.keep', value, limit);
  }

  async part(list: Json, from: number): Promise<ListPart | undefined> {
    if (Array.isArray(list)) return { count: list.length, from: 0, items: list };
    return isRef(list) ? this.calls.local('values.part', list, from) : undefined;
  }

  async text(value: Json): Promise<string> {
    return isRef(value) ? this.calls.local('values.text', value) : excerpt(value);
  }

  compose(loop: LoopRecord, count: number): Promise<Json> {
    return this.calls.local('values.compose', loop, count);
  }
}
