import type { Json } from '../contracts/json/json.js';
import type { ListPart } from '../contracts/run/segment.js';
import type { Blobs } from '../runs/values/blobs.js';

const MAX_ITEMS = 1_000;
const MAX_BYTES = 64 * 1024;
const ITEM_BYTES = 1024;

/**
 * Returns the items of a list from the index `from` on, as many as may enter the history at once (1,000 items, about
 * 64 KiB). Items over 1 KiB are references. Undefined when the value is not a list.
 */
export async function listPart(
  blobs: Pick<Blobs, 'keep' | 'open'>,
  held: Json,
  from: number,
): Promise<ListPart | undefined> {
  const list = await blobs.open(held);
  if (!Array.isArray(list)) return undefined;
  const items: Json[] = [];
  let bytes = 0;
  for (let at = from; at < list.length && items.length < MAX_ITEMS && bytes < MAX_BYTES; at++) {
    const item = await blobs.keep(list[at]!, ITEM_BYTES);
    bytes += JSON.stringify(item).length;
    items.push(item);
  }
  return { count: list.length, from, items };
}
