import { likeness, type Vector } from './meaning/vector.js';
import type { Meaning } from './meaning/meaning.js';
import { TextIndex, type TextItem, wantedIn } from './text-index.js';

/** What an item is found by. */
export interface ItemText extends TextItem {
  /** What the model of meaning reads; absent = title and text. */
  meaning?: string;
}

export interface ItemHit<Item> {
  item: Item;
  /** From 0 to 1; by meaning where it is had, otherwise by words. */
  score: number;
  /** How well words and meaning fit, each by itself; absent for a search by text. */
  match?: { words: number; meaning: number };
}

interface Entry<Item> extends ItemText {
  item: Item;
}

interface Index<Item> {
  items: readonly Item[];
  entries: Entry<Item>[];
  words: TextIndex<Entry<Item>>;
  meanings: string[];
  vectors?: readonly Vector[];
}

/** What the words add to the meaning: enough to tell items of one subject apart, not enough to outweigh it. */
const WORDS_BONUS = 0.2;
/** Below this likeness an item without a word of the query is no hit. */
const LEAST_LIKENESS = 0.25;

/**
 * Finds items by words and, where there is a model, by meaning. It keeps one index for each kind of item as long as the
 * same items are searched.
 */
export class ItemSearch {
  private readonly indexes = new Map<string, Index<never>>();
  private readonly entries = new Map<string, WeakMap<object, Entry<never>>>();

  constructor(private readonly meaning?: Pick<Meaning, 'compare'>) {}

  /** The items that fit, best first. An empty query finds everything, in the given order. */
  async search<Item extends object>(
    kind: string,
    items: readonly Item[],
    toText: (item: Item) => ItemText,
    query: string,
  ): Promise<ItemHit<Item>[]> {
    const wanted = wantedIn(query);
    if (wanted.length === 0) return items.map((item) => ({ item, score: 1 }));
    const index = this.indexOf(kind, items, toText);
    const compared = await this.meaning?.compare(query, index.meanings, index.vectors);
    const words = index.words.scores(wanted);
    if (compared) index.vectors = compared.texts;
    const meanings = compared?.texts.map((vector) => likeness(compared.query, vector));
    const hits = items.flatMap((item, at) => hitOf(item, words[at]!, meanings?.[at]));
    return hits.sort((a, b) => b.score - a.score);
  }

  private indexOf<Item extends object>(
    kind: string,
    items: readonly Item[],
    toText: (item: Item) => ItemText,
  ): Index<Item> {
    const known = this.indexes.get(kind) as Index<Item> | undefined;
    if (known && isSame(known.items, items)) return known;
    const entries = items.map((item) => this.entryOf(kind, item, toText));
    const index: Index<Item> = {
      items: [...items],
      entries,
      words: new TextIndex(entries),
      meanings: entries.map(({ title, text, meaning }) => meaning ?? `${title}. ${text}`),
    };
    this.indexes.set(kind, index as unknown as Index<never>);
    return index;
  }

  /** The same entry for the same item, so that the words of each are counted once. */
  private entryOf<Item extends object>(
    kind: string,
    item: Item,
    toText: (item: Item) => ItemText,
  ): Entry<Item> {
    let entries = this.entries.get(kind) as WeakMap<object, Entry<Item>> | undefined;
    if (!entries) this.entries.set(kind, (entries = new WeakMap()) as never);
    const known = entries.get(item);
    if (known) return known;
    const entry = { ...toText(item), item };
    entries.set(item, entry);
    return entry;
  }
}

const isSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((each, at) => each === others[at]);

function hitOf<Item>(item: Item, words: number, meaning: number | undefined): ItemHit<Item>[] {
  if (meaning === undefined) return words > 0 ? [{ item, score: words }] : [];
  if (words === 0 && meaning < LEAST_LIKENESS) return [];
  const score = Math.min(1, Math.max(0, meaning) + WORDS_BONUS * words);
  return [{ item, score, match: { words: round(words), meaning: round(meaning) } }];
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
