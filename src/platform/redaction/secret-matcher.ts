/** Places are looked up by so many characters: nothing shorter can be found. */
export const GRAM = 4;
/** A long text is looked for in pieces of this length, so that a cut or wrapped one is found, too. */
const PIECE = 32;
/** At the edge of a text that was cut, so much of a secret is taken for it. */
const EDGE = 8;
const SLOTS = 1 << 16;

interface Needle {
  text: string;
  mark: string;
  /** In the text that is being searched, it has been found up to here. */
  found: number;
}

/** A part of a needle. */
interface Piece {
  of: Needle;
  offset: number;
  text: string;
}

interface Match {
  start: number;
  end: number;
  mark: string;
}

/** The slot of four characters. */
function slotOf(text: string, at: number): number {
  let slot = 0;
  for (let i = 0; i < GRAM; i++) slot = (slot * 33 + text.charCodeAt(at + i)) & (SLOTS - 1);
  return slot;
}

/**
 * Texts to be found inside others and replaced. One pass over a text, whatever the number of needles: a table tells
 * for four characters whether a piece begins with them; what is found is widened to all that agrees with its needle.
 */
export class SecretMatcher {
  private readonly flags = new Uint8Array(SLOTS);
  private readonly pieces = new Map<number, Piece[]>();
  /** By the last characters of a needle: a text may begin with the end of one. */
  private readonly tails = new Map<number, Needle[]>();
  /** Found in the text that is being searched. */
  private found: Needle[] = [];

  add(text: string, mark: string): void {
    if (text.length < GRAM) return;
    const needle = { text, mark, found: 0 };
    const last = Math.max(0, text.length - PIECE);
    for (let offset = 0; offset < last; offset += PIECE) this.addPiece(needle, offset);
    this.addPiece(needle, last);
    push(this.tails, slotOf(text, text.length - GRAM), needle);
  }

  /** The text with every needle replaced by its mark. `cut`: half a needle at either edge counts as well. */
  replace(text: string, cut: boolean): string {
    const matches = this.search(text, cut);
    return matches.length === 0 ? text : marked(text, matches);
  }

  /** The mark of a needle in the text. */
  first(text: string): string | undefined {
    return this.search(text, false)[0]?.mark;
  }

  private search(text: string, cut: boolean): Match[] {
    const matches = cut ? this.tailsOfNeedles(text) : [];
    for (let at = 0; at + GRAM <= text.length; at++) {
      const slot = slotOf(text, at);
      if (!this.flags[slot]) continue;
      for (const piece of this.pieces.get(slot)!) {
        const match = matchOf(text, at, piece) ?? (cut ? lastMatch(text, at, piece) : undefined);
        if (!match) continue;
        matches.push(match);
        piece.of.found = match.end;
        this.found.push(piece.of);
      }
    }
    for (const needle of this.found) needle.found = 0;
    this.found = [];
    return matches;
  }

  private addPiece(of: Needle, offset: number): void {
    const text = of.text.slice(offset, offset + PIECE);
    const slot = slotOf(text, 0);
    // A text that repeats itself has one such piece.
    const known = this.pieces.get(slot)?.some((piece) => piece.of === of && piece.text === text);
    if (known) return;
    this.flags[slot] = 1;
    push(this.pieces, slot, { of, offset, text });
  }

  /** The text begins with the end of a needle. */
  private tailsOfNeedles(text: string): Match[] {
    const matches: Match[] = [];
    for (let end = Math.min(PIECE, text.length); end >= EDGE; end--) {
      for (const { text: whole, mark } of this.tails.get(slotOf(text, end - GRAM)) ?? []) {
        const is = whole.length > end && whole.endsWith(text.slice(0, end));
        if (is) matches.push({ start: 0, end, mark });
      }
    }
    return matches;
  }
}

/** Matches that overlap or touch, as several encodings of one secret do, are one. */
function marked(text: string, matches: Match[]): string {
  let out = '';
  let done = 0;
  let last: string | undefined;
  for (const { start, end, mark } of matches.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start > done || last === undefined || (start === done && mark !== last)) {
      out += text.slice(done, start) + mark;
      last = mark;
    }
    done = Math.max(done, end);
  }
  return out + text.slice(done);
}

function push<T>(lists: Map<number, T[]>, slot: number, item: T): void {
  const list = lists.get(slot);
  if (list) list.push(item);
  else lists.set(slot, [item]);
}

function matchOf(text: string, at: number, { of, offset, text: piece }: Piece): Match | undefined {
  if (at + piece.length <= of.found || !text.startsWith(piece, at)) return undefined;
  const { text: whole, mark } = of;
  const shift = at - offset;
  let start = at;
  let end = at + piece.length;
  while (start > Math.max(0, shift) && text[start - 1] === whole[start - 1 - shift]) start--;
  while (end - shift < whole.length && text[end] === whole[end - shift]) end++;
  return { start, end, mark };
}

/** The text ends in the middle of a needle. */
function lastMatch(
  text: string,
  at: number,
  { of, offset, text: piece }: Piece,
): Match | undefined {
  const length = text.length - at;
  if (offset > 0 || length < EDGE || length >= piece.length) return undefined;
  return piece.startsWith(text.slice(at))
    ? { start: at, end: text.length, mark: of.mark }
    : undefined;
}
