import type { Json, JsonObject } from '../contracts/json.js';
import { isRef, type LoopRecord } from '../contracts/run.js';
import type { Blobs } from './blobs.js';

/** The result of a finished loop: `{items, errors, count, <status>_count…}`, by reference when large. */
export async function composeLoop(blobs: Blobs, loop: LoopRecord, count: number): Promise<Json> {
  const pieces = await Promise.all(
    loop.items.map((piece) => (isRef(piece) ? blobs.get(piece.$blob) : piece)),
  );
  const tallies = Object.entries(loop.tallies).map(([word, n]) => [`${word}_count`, n]);
  const result: JsonObject = {
    items: pieces.flat() as Json[],
    errors: loop.errors,
    count,
    ...Object.fromEntries(tallies),
  };
  return blobs.keep(result);
}
