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

/** A term of the index. */
interface Term {
  letters: number;
  /** The items that have it, by their place, with its weight in each. */
  places: number[];
  weights: number[];
}

/** The weights of an item's terms, kept while the item lives: an index that is built anew counts only new items. */
const KNOWN = new WeakMap<TextItem, ReadonlyMap<string, number>>();

/** Finds texts by their words: endings, the beginnings of words and typos are forgiven, rare words count more. */
export class TextIndex<Item extends TextItem> {
  private readonly terms = new Map<string, Term>();

  constructor(private readonly items: readonly Item[]) {
    for (const [place, item] of items.entries())
      for (const [term, weight] of weightsOf(item)) this.add(term, place, weight);
  }

  /** The items that share a word with the query, best first. An empty query finds everything, in the given order. */
  search(query: string): TextHit<Item>[] {
    const wanted = wantedIn(query);
    if (wanted.length === 0) return this.items.map((item) => ({ item, score: 1 }));
    const scores = this.scores(wanted);
    const hits: TextHit<Item>[] = [];
    for (const [place, item] of this.items.entries())
      if (scores[place]! > 0) hits.push({ item, score: scores[place]! });
    return hits.sort((a, b) => b.score - a.score);
  }

  /** How well each item fits a query, from 0 to 1, in the order of the items. */
  scores(wanted: readonly string[]): Float64Array {
    const scores = new Float64Array(this.items.length);
    const best = new Float64Array(this.items.length);
    let most = 0;
    for (const word of wanted) {
      const weight = this.rarity(word);
      most += weight;
      this.fit(word, best.fill(0));
      for (let place = 0; place < scores.length; place += 1)
        scores[place]! += weight * best[place]!;
    }
    return scores.map((score) => Math.min(1, score / most));
  }

  private add(name: string, place: number, weight: number): void {
    let term = this.terms.get(name);
    if (!term) this.terms.set(name, (term = { letters: lettersOf(name), places: [], weights: [] }));
    term.places.push(place);
    term.weights.push(weight);
  }

  private rarity(term: string): number {
    const count = this.terms.get(term)?.places.length ?? 0;
    return Math.log(1 + (this.items.length + 1) / (count + 0.5));
  }

  /** Writes down how well each item fits one word: by the best of its terms that the word may mean. */
  private fit(word: string, best: Float64Array): void {
    const letters = lettersOf(word);
    for (const [name, { letters: others, places, weights }] of this.terms) {
      const quality = qualityOf(word, name, differences(letters, others));
      if (quality === 0) continue;
      for (const [at, place] of places.entries())
        best[place] = Math.max(best[place]!, weights[at]! * quality);
    }
  }
}

/** The terms to look for. A query of nothing but common words is searched by these. */
export function wantedIn(query: string): string[] {
  const terms = termsOf(query);
  const words = terms.length > 0 ? terms : wordsOf(query).map(stem);
  return [...new Set(words)].slice(0, MAX_TERMS);
}

function qualityOf(word: string, term: string, differing: number): number {
  if (term === word) return 1;
  if (word.length >= 3 && term.startsWith(word)) return PREFIX;
  // Two typos change at most four of the letters: most terms need no closer look.
  return differing <= 4 && alike(term, word) ? ALIKE : 0;
}

function weightsOf(item: TextItem): ReadonlyMap<string, number> {
  const known = KNOWN.get(item);
  if (known) return known;
  const weights = new Map<string, number>();
  for (const term of wordsOf(item.text).map(stem)) weights.set(term, 1 / TITLE_WEIGHT);
  for (const term of wordsOf(item.title).map(stem)) weights.set(term, 1);
  KNOWN.set(item, weights);
  return weights;
}

/** The set of letters of a word, as bits. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
}

/** The number of letters that one word has and the other lacks. */
function differences(one: number, other: number): number {
  let rest = one ^ other;
  let count = 0;
  for (; rest !== 0; count += 1) rest &= rest - 1;
  return count;
}
