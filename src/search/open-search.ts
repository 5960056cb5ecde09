import type { DataSource } from 'typeorm';
import { MEANING_MODEL, meaningState, type ReadyModel } from '../platform/meaning/meaning-model.js';
import { ItemSearch } from './item-search.js';
import { Embedder } from './meaning/embedder.js';
import { Meaning } from './meaning/meaning.js';
import { StoredVectors } from './meaning/vector-store.js';

export interface OpenSearchOptions {
  dataSource: DataSource;
  /** `off` = by text only. */
  meaning: 'auto' | 'off';
  logger: { warn(data: object, text: string): void };
  /** Directory of the model. */
  cacheDir?: string;
}

export interface OpenedSearch {
  search: ItemSearch;
  close(): void;
}

/** How often an absent model is looked for: it may be obtained while this process runs. */
const LOOK_MS = 2_000;
const FORGET_DAYS = 30;
const FIRST_FORGET_MS = 60_000;
const EVERY_FORGET_MS = 86_400_000;

/** The search of a process: by meaning as soon as there is a model, until then and without one by text. */
export function openSearch(options: OpenSearchOptions): OpenedSearch {
  const { dataSource, meaning, logger } = options;
  if (meaning === 'off') return { search: new ItemSearch(), close: () => undefined };
  const embedder = new Embedder({
    model: watchModel(options.cacheDir),
    onEnd: (reason) =>
      logger.warn({ reason }, 'the process of meaning ended; search is by text until it is back'),
  });
  const store = new StoredVectors(dataSource, MEANING_MODEL);
  const forget = () =>
    void store
      .forget(FORGET_DAYS)
      .catch((error) => logger.warn({ error: String(error) }, 'old vectors were not forgotten'));
  const timers = [setTimeout(forget, FIRST_FORGET_MS), setInterval(forget, EVERY_FORGET_MS)];
  const close = () => {
    timers.forEach(clearTimeout);
    embedder.close();
  };
  return { search: new ItemSearch(new Meaning({ embedder, store })), close };
}

function watchModel(cacheDir?: string): () => ReadyModel | undefined {
  let looked = -Infinity;
  let model: ReadyModel | undefined;
  return () => {
    if (performance.now() - looked < LOOK_MS) return model;
    looked = performance.now();
    const state = meaningState(cacheDir);
    return (model = state.kind === 'ready' ? state : undefined);
  };
}
