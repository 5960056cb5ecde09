import type { ReadyModel } from '../../src/platform/meaning/meaning-model.js';
import { Embedder } from '../../src/search/meaning/embedder.js';
import { Meaning } from '../../src/search/meaning/meaning.js';
import { until } from './instance.js';

/**
 * The real model over vectors in memory. `compare` waits until every text is learnt, so that no answer depends on the
 * speed of the machine.
 */
export async function realMeaning(model: ReadyModel) {
  const embedder = new Embedder({ model: () => model });
  const store = { read: async () => new Map(), write: async () => undefined };
  const meaning = new Meaning({ embedder, store, patienceMs: 60_000 });
  await until('the model is loaded', () => embedder.isReady);
  const compare: Meaning['compare'] = (...given) =>
    until('the texts are learnt', () => meaning.compare(...given));
  return { compare, close: () => embedder.close() };
}
