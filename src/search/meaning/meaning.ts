import type { Embedder } from './embedder.js';
import { textHash, type Vector } from './vector.js';
import type { VectorStore } from './vector-store.js';

/** The vectors of a query and of the texts that it is compared with. */
export interface Compared {
  query: Vector;
  texts: readonly Vector[];
}

export interface MeaningOptions {
  embedder: Pick<Embedder, 'ready' | 'embed'>;
  store: VectorStore;
  /** Milliseconds that a search waits for vectors. */
  patienceMs?: number;
}

const PATIENCE_MS = 250;
/** Milliseconds that the first search waits for the process to start. */
const START_MS = 2_000;
/** So many new texts are computed while a search waits; more are learnt in the background. */
const MOST_AT_ONCE = 8;
const BATCH = 64;
const MOST_KEPT = 50_000;
const MOST_QUERIES = 500;
/** Among more texts than this search is by text. */
const MOST_TEXTS = 20_000;

/** Gives vectors of texts: from memory, from the store, or computed. It never keeps a search waiting for long. */
export class Meaning {
  private readonly kept = new Map<string, Vector>();
  private readonly queries = new Map<string, Vector>();
  private readonly learning = new Set<string>();
  /** True from a query that was not answered in time until the process answers again. */
  private isLate = false;
  private openQueries = 0;

  constructor(private readonly options: MeaningOptions) {}

  /**
   * The vectors of a query and of all texts; undefined when one of them cannot be had now: the search is by text then.
   * Texts that are not known yet are learnt meanwhile, so that a later search finds them. `known`: the vectors of the
   * texts, when an earlier search had them.
   */
  async compare(
    query: string,
    texts: readonly string[],
    known?: readonly Vector[],
  ): Promise<Compared | undefined> {
    if (this.isLate || texts.length > MOST_TEXTS) return undefined;
    if (!(await this.options.embedder.ready(START_MS))) return undefined;
    const patience = this.options.patienceMs ?? PATIENCE_MS;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.isLate = this.openQueries > 0;
        resolve(undefined);
      }, patience).unref();
    });
    const both = Promise.all([this.queryVector(query), known ?? this.textVectors(texts)]);
    // A store that fails is as good as none: the search goes on by text.
    const found = await Promise.race([both.catch(() => undefined), timeout]);
    clearTimeout(timer);
    const [wanted, all] = found ?? [];
    return wanted && all && { query: wanted, texts: all };
  }

  private async queryVector(query: string): Promise<Vector | undefined> {
    const known = this.queries.get(query);
    if (known) return known;
    this.openQueries += 1;
    const vector = await this.options.embedder.embed(query, { isUrgent: true });
    this.openQueries -= 1;
    this.isLate = false;
    if (vector) keep(this.queries, query, vector, MOST_QUERIES);
    return vector;
  }

  private async textVectors(texts: readonly string[]): Promise<readonly Vector[] | undefined> {
    const hashes = texts.map(textHash);
    await this.recall(hashes);
    const missing = texts.filter((_, at) => !this.kept.has(hashes[at]!));
    if (missing.length > 0) {
      const learnt = this.learn([...new Set(missing)]);
      if (missing.length > MOST_AT_ONCE) return undefined;
      await learnt;
    }
    const vectors = hashes.map((hash) => this.kept.get(hash));
    return vectors.every((each) => each !== undefined) ? vectors : undefined;
  }

  /** Reads from the store what is not in memory. */
  private async recall(hashes: readonly string[]): Promise<void> {
    const unknown = hashes.filter((hash) => !this.kept.has(hash));
    if (unknown.length === 0) return;
    const found = await this.options.store.read([...new Set(unknown)]);
    for (const [hash, vector] of found) keep(this.kept, hash, vector, MOST_KEPT);
  }

  /** Computes and stores vectors of texts, unless another search has begun that already. */
  private async learn(texts: readonly string[]): Promise<void> {
    const fresh = texts.filter((text) => !this.learning.has(text));
    fresh.forEach((text) => this.learning.add(text));
    try {
      for (let at = 0; at < fresh.length; at += BATCH)
        if (!(await this.learnBatch(fresh.slice(at, at + BATCH)))) return;
    } finally {
      fresh.forEach((text) => this.learning.delete(text));
    }
  }

  /** False when the process is not there any more: the rest is learnt at a later search. */
  private async learnBatch(texts: readonly string[]): Promise<boolean> {
    const learnt = new Map<string, Vector>();
    for (const text of texts) {
      const vector = await this.options.embedder.embed(text);
      if (vector) learnt.set(textHash(text), vector);
    }
    for (const [hash, vector] of learnt) keep(this.kept, hash, vector, MOST_KEPT);
    if (learnt.size > 0) await this.options.store.write(learnt).catch(() => undefined);
    return learnt.size === texts.length;
  }
}

/** Adds to a map that forgets its oldest entry when it is full. */
function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}
