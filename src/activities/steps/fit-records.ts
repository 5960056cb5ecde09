import type { Records, StepRecord } from '../../contracts/run/records.js';
import { offloadRecord } from '../../language/run/state/offload.js';
import type { Blobs } from '../../runs/values/blobs.js';

/** Bounds in bytes that are tried in this order: larger values become references, until the records fit. */
const BOUNDS = [64 * 1024, 8 * 1024, 1024, 256];
const PIECE_BYTES = 8 * 1024;

/**
 * Converts a segment's records for its output, with values as references so that they have at most `room` bytes of
 * JSON. They can remain larger: `bytes` is their actual length.
 */
export async function fitRecords(
  blobs: Pick<Blobs, 'keep'>,
  records: ReadonlyMap<string, StepRecord>,
  room: number,
): Promise<{ records: Records; bytes: number }> {
  let fitted = await offloaded(blobs, [...records], PIECE_BYTES, ['loop']);
  let bytes = JSON.stringify(fitted).length;
  for (const bound of BOUNDS) {
    if (bytes <= room) break;
    fitted = await offloaded(blobs, fitted, bound, ['loop', 'while', 'done', 'failed', 'returned']);
    bytes = JSON.stringify(fitted).length;
  }
  return { records: fitted, bytes };
}

const offloaded = (
  blobs: Pick<Blobs, 'keep'>,
  records: Records,
  bound: number,
  kinds: StepRecord['status'][],
): Promise<Records> =>
  Promise.all(
    records.map(async ([key, record]): Promise<Records[number]> => {
      if (!kinds.includes(record.status)) return [key, record];
      return [key, await offloadRecord(record, (value) => blobs.keep(value, bound))];
    }),
  );
