import { alike, stem, termsOf, wordsOf } from '../intent/words.js';

/** A text that can be found: the words of its title count three times. */
export interface TextItem {
  title: string;
  text: string;
}

/** How well an item fits, from 0 to 1. */
export interface TextHit<Item> {
  item: Item;
  score: number;
}

const TITLE_WEIGHT = 3;
/** A word that is only alike counts this much. */
const ALIKE = 0.6;
const PREFIX = 0.7;
const MAX_TERMS = 24;

interface Indexed<Item> {
  item: Item;
  /** Weight of each term of the item. */
  terms: Map<string, number>;
}

/** Finds texts by their words: endings, the beginnings of words and typos are forgiven, rare words count more. */
export class TextIndex<Item extends TextItem> {
  private readonly indexed: Indexed<Item>[];
  private readonly frequency = new Map<string, number>();

  constructor(items: readonly Item[]) {
    this.indexed = items.map((item) => ({ item, terms: weightsOf(item) }));
    for (const { terms } of this.indexed)
      for (const term of terms.keys())
        this.frequency.set(term, (this.frequency.get(term) ?? 0) + 1);
  }

  /** The items that share a word with the query, best first. An empty query finds everything, in the given order. */
  search(query: string): TextHit<Item>[] {
    const terms = termsOf(query);
    // A query of nothing but common words is searched by these.
    const words = terms.length > 0 ? terms : wordsOf(query).map(stem);
    const wanted = [...new Set(words)].slice(0, MAX_TERMS);
    if (wanted.length === 0) return this.indexed.map(({ item }) => ({ item, score: 1 }));
    const matches = wanted.map((term) => ({
      weight: this.rarity(term),
      terms: this.matching(term),
    }));
    const most = matches.reduce((sum, { weight }) => sum + weight, 0);
    const hits = this.indexed.flatMap(({ item, terms }) => {
      const score = matches.reduce(
        (sum, match) => sum + match.weight * best(terms, match.terms),
        0,
      );
      return score > 0 ? [{ item, score: Math.min(1, score / most) }] : [];
    });
    return hits.sort((a, b) => b.score - a.score);
  }

  private rarity(term: string): number {
    const count = this.frequency.get(term) ?? 0;
    return Math.log(1 + (this.indexed.length + 1) / (count + 0.5));
  }

  /** The terms of the index that a word of a query means, with how well. */
  private matching(word: string): Map<string, number> {
    const found = new Map<string, number>();
    for (const term of this.frequency.keys()) {
      if (term === word) found.set(term, 1);
      else if (word.length >= 3 && term.startsWith(word)) found.set(term, PREFIX);
      else if (alike(term, word)) found.set(term, ALIKE);
    }
    return found;
  }
}

function weightsOf({ title, text }: TextItem): Map<string, number> {
  const weights = new Map<string, number>();
  for (const term of wordsOf(text).map(stem))
    weights.set(term, Math.max(weights.get(term) ?? 0, 1 / TITLE_WEIGHT));
  for (const term of wordsOf(title).map(stem)) weights.set(term, 1);
  return weights;
}

function best(terms: ReadonlyMap<string, number>, matches: ReadonlyMap<string, number>): number {
  let most = 0;
  for (const [term, quality] of matches) {
    const weight = terms.get(term);
    if (weight !== undefined) most = Math.max(most, weight * quality);
  }
  return most;
}
