import type { Records, StepRecord } from '../../contracts/run/records.js';
import { offloadRecord } from '../../language/run/state/offload.js';
import type { Blobs } from '../../runs/values/blobs.js';

/** Ever smaller values go by reference, until the rest fits. */
const BOUNDS = [64 * 1024, 8 * 1024, 1024, 256];
const PIECE_BYTES = 8 * 1024;

/** A segment's records as they travel: with `bytes`, the length of their JSON, at most `room` where that is possible. */
export async function fitRecords(
  blobs: Pick<Blobs, 'keep'>,
  records: ReadonlyMap<string, StepRecord>,
  room: number,
): Promise<{ records: Records; bytes: number }> {
  let fitted = await lightened(blobs, [...records], PIECE_BYTES, ['loop']);
  let bytes = JSON.stringify(fitted).length;
  for (const bound of BOUNDS) {
    if (bytes <= room) break;
    fitted = await lightened(blobs, fitted, bound, ['loop', 'while', 'done', 'failed', 'returned']);
    bytes = JSON.stringify(fitted).length;
  }
  return { records: fitted, bytes };
}

const lightened = (
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
