import { createHash } from 'node:crypto';

/** Numbers in a vector of the model. */
export const DIMENSIONS = 384;

/** The vector of a text, of length 1; all zeros for a text that the model cannot take, which is like nothing. */
export type Vector = Float32Array;

/** Vectors are kept by the hash of their text. */
export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads the bytes of a vector; undefined when they are none. */
export function vectorOf(bytes: Buffer): Vector | undefined {
  if (bytes.length !== DIMENSIONS * 4) return undefined;
  // The copy is aligned, which the bytes of a pool need not be.
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

export const bytesOf = (vector: Vector): Buffer =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

/** How alike two texts are, from -1 to 1: the cosine of their vectors, whose length is 1. */
export function likeness(one: Vector, other: Vector): number {
  let sum = 0;
  for (let at = 0; at < DIMENSIONS; at += 1) sum += one[at]! * other[at]!;
  return sum;
}
