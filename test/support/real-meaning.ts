import type { ReadyModel } from '../../src/platform/meaning/meaning-model.js';
import { Embedder } from '../../src/search/meaning/embedder.js';
import { Meaning } from '../../src/search/meaning/meaning.js';
import { until } from './instance.js';

/** The real model over vectors in memory, ready to compare. It is patient, so that no answer depends on the machine. */
export async function realMeaning(model: ReadyModel) {
  const embedder = new Embedder({ model: () => model });
  const store = { read: async () => new Map(), write: async () => undefined };
  const meaning = new Meaning({ embedder, store, patienceMs: 60_000 });
  await until('the model is loaded', () => embedder.isReady);
  return {
    embedder,
    meaning,
    /** Computes texts before anything is compared with them. */
    learn: (texts: readonly string[]) =>
      until('the texts are learnt', async () => (await meaning.compare('', texts)) !== undefined),
    close: () => embedder.close(),
  };
}
