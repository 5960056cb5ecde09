import type { Json } from '../contracts/json/json.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { Block } from '../language/run/state/block.js';
import { evaluationScope, type RunValues } from '../language/run/state/evaluation-scope.js';
import { NeedsValue } from '../language/expression/runtime/needs-value.js';
import { render } from '../language/expression/template.js';
import type { Blobs } from '../runs/values/blobs.js';

/**
 * Evaluates a template, and fetches the stored values that its expressions read. Fetched values are held until the
 * end, because several large values could evict each other from the cache for ever.
 */
export async function renderFetching(
  blobs: Pick<Blobs, 'get' | 'peek'>,
  template: Json,
  values: Omit<RunValues, 'deref'>,
  block: Block,
  place: StepPlace,
): Promise<Json> {
  const held = new Map<string, Json>();
  const deref = (hash: string) => held.get(hash) ?? blobs.peek(hash);
  const scope = evaluationScope({ ...values, deref }, block, place);
  for (;;) {
    try {
      return render(template, scope);
    } catch (thrown) {
      if (!(thrown instanceof NeedsValue)) throw thrown;
      held.set(thrown.hash, await blobs.get(thrown.hash));
    }
  }
}
