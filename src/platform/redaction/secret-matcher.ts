/** Length of the substrings in the index; shorter texts cannot be found. */
export const GRAM = 4;
/**
 * A long text is indexed in pieces of this length, so that a part of it is
 * found in a cut or wrapped text.
 */
const PIECE = 32;
/**
 * At the edge of a text that was cut, this many matching characters count as a
 * part of the secret.
 */
const EDGE = 8;
const SLOTS = 1 << 16;

interface SecretText {
  text: string;
  mark: string;
  /** Position up to which this text has been found in the current search. */
  found: number;
}

/** A part of a secret text. */
interface Piece {
  of: SecretText;
  offset: number;
  text: string;
}

interface Match {
  start: number;
  end: number;
  mark: string;
}

/** The index slot of the four characters at a position. */
function slotOf(text: string, at: number): number {
  let slot = 0;
  for (let i = 0; i < GRAM; i++) slot = (slot * 33 + text.charCodeAt(at + i)) & (SLOTS - 1);
  return slot;
}

/**
 * Finds texts inside other texts and replaces them. A search is one pass,
 * whatever the number of texts: a table says for four characters whether a
 * piece begins with them, and a hit is then extended as far as the text agrees.
 */
export class SecretMatcher {
  private readonly flags = new Uint8Array(SLOTS);
  private readonly pieces = new Map<number, Piece[]>();
  /**
   * Secret texts by their last characters: a cut text may begin with the end of
   * one.
   */
  private readonly tails = new Map<number, SecretText[]>();
  /** Secret texts found in the current search. */
  private found: SecretText[] = [];

  add(text: string, mark: string): void {
    if (text.length < GRAM) return;
    const secret = { text, mark, found: 0 };
    const last = Math.max(0, text.length - PIECE);
    for (let offset = 0; offset < last; offset += PIECE) this.addPiece(secret, offset);
    this.addPiece(secret, last);
    push(this.tails, slotOf(text, text.length - GRAM), secret);
  }

  /**
   * Replaces every known text by its mark.
   * @param cut true when the text may be cut: a part of a secret at either edge
   * then counts as well
   */
  replace(text: string, cut: boolean): string {
    const matches = this.search(text, cut);
    return matches.length === 0 ? text : marked(text, matches);
  }

  /** The mark of the first known text in a text. */
  first(text: string): string | undefined {
    return this.search(text, false)[0]?.mark;
  }

  private search(text: string, cut: boolean): Match[] {
    const matches = cut ? this.matchesAtStart(text) : [];
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
    for (const secret of this.found) secret.found = 0;
    this.found = [];
    return matches;
  }

  private addPiece(of: SecretText, offset: number): void {
    const text = of.text.slice(offset, offset + PIECE);
    const slot = slotOf(text, 0);
    // A text with repetitions has equal pieces; one of them is enough.
    const known = this.pieces.get(slot)?.some((piece) => piece.of === of && piece.text === text);
    if (known) return;
    this.flags[slot] = 1;
    push(this.pieces, slot, { of, offset, text });
  }

  /** Matches of the beginning of a text with the end of a secret. */
  private matchesAtStart(text: string): Match[] {
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

/**
 * Replaces the matches. Overlapping or adjacent ones, such as several encodings
 * of one secret, are replaced once.
 */
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

/** A match of the end of the text with the beginning of a secret. */
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
