import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import type { EvaluationScope } from '../../src/language/expression/runtime/scope.js';

/** A scope over plain values, at a fixed time; `blobs` are what is at hand by reference. */
export const scopeOf = (names: JsonObject, blobs: Record<string, Json> = {}): EvaluationScope => ({
  lookup: (name) => (Object.hasOwn(names, name) ? names[name] : undefined),
  deref: (hash) => (Object.hasOwn(blobs, hash) ? blobs[hash] : undefined),
  now: () => '2026-03-29T00:30:00Z',
  seed: () => 'run-1:step:',
});
