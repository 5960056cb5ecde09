import type { ScalarNode, Span } from './tree.js';

/**
 * Finds the source position of an offset in a scalar's value. Escapes, folding and block indentation make the two
 * differ, so the text at the offset is searched in the source; if it is not found, the position of the scalar is used.
 */
export function locate(source: string, scalar: ScalarNode, offsetInValue: number): Span {
  const value = String(scalar.value);
  const raw = source.slice(scalar.offset, scalar.end);
  const piece = value.slice(offsetInValue, offsetInValue + 24).split('\n')[0]!;
  if (piece === '') return { offset: scalar.end, end: scalar.end };
  const occurrence = count(value.slice(0, offsetInValue + piece.length - 1), piece);
  const at = nthIndex(raw, piece, occurrence);
  if (at < 0) return scalar;
  return { offset: scalar.offset + at, end: scalar.offset + at + piece.length };
}

function count(text: string, piece: string): number {
  let found = 0;
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) found++;
  return found;
}

function nthIndex(text: string, piece: string, skip: number): number {
  let at = text.indexOf(piece);
  for (let left = skip; left > 0 && at >= 0; left--) at = text.indexOf(piece, at + 1);
  return at;
}
