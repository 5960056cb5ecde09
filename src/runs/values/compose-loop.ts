import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { isRef } from '../../contracts/run/ref.js';
import type { LoopRecord, Pieces } from '../../contracts/run/records.js';
import type { Blobs } from './blobs.js';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The result of a finished loop: `{items, errors, count, <status>_count…}`, as a reference when it is large.
 * @throws MissionError `too_large` when the stored pieces have more than 64 MiB together
 */
export async function composeLoop(
  blobs: Pick<Blobs, 'get' | 'keep'>,
  loop: LoopRecord,
  count: number,
  limit?: number,
): Promise<Json> {
  const bytes = [...loop.items, ...loop.errors].reduce(
    (sum, piece) => sum + (isRef(piece) ? piece.bytes : 0),
    0,
  );
  if (bytes > MAX_BYTES) {
    const text = `The results of ${count} items are ${bytes} bytes together, more than ${MAX_BYTES}. Return less of each item.`;
    throw new MissionError('too_large', text, undefined, { retryable: false });
  }
  const result: JsonObject = {
    items: await join(blobs, loop.items),
    errors: await join(blobs, loop.errors),
    count,
    ...loop.tallies,
  };
  return blobs.keep(result, limit);
}

async function join(blobs: Pick<Blobs, 'get'>, pieces: Pieces): Promise<Json[]> {
  const lists = pieces.map(async (piece) => (isRef(piece) ? blobs.get(piece.$blob) : piece));
  return (await Promise.all(lists)).flat() as Json[];
}
