import type { Records, StepRecord } from '../../../contracts/run/records.js';
import type { StepPlace } from '../../../contracts/run/place.js';
import { isWithin, iterationOf } from './keys-inside.js';
import type { StepPosition } from './step-positions.js';

/**
 * The records that a segment needs: of the steps from its start to the end of their list, and of the steps inside them.
 * Loop records are sent without the results gathered so far, since a segment only appends to them.
 */
export function recordsUnder(
  records: ReadonlyMap<string, StepRecord>,
  { steps, index }: StepPosition,
  { iteration }: StepPlace,
): Records {
  const paths = steps.slice(index).map((step) => step.path);
  return [...records]
    .filter(([key]) => belongs(key, paths) && isWithin(iterationOf(key), iteration))
    .map(([key, record]) => [key, bare(record)]);
}

function belongs(key: string, paths: readonly string[]): boolean {
  const path = key.slice(0, key.lastIndexOf('#'));
  return paths.some((p) => path === p || path === `${p}[]` || path.startsWith(`${p}/`));
}

function bare(record: StepRecord): StepRecord {
  if (record.status !== 'loop') return record;
  return { ...record, base: record.next, items: [], errors: [], tallies: {}, named: {} };
}

/**
 * Applies the records that a segment returned: sent records that it did not return are deleted, the others replaced.
 */
export function mergeRecords(records: Map<string, StepRecord>, sent: Records, news: Records): void {
  const kept = new Set(news.map(([key]) => key));
  for (const [key] of sent) if (!kept.has(key)) records.delete(key);
  for (const [key, record] of news) {
    const known = records.get(key);
    if (record.status === 'loop' && known?.status === 'loop') extend(known, record);
    else records.set(key, record.status === 'loop' ? { ...record, base: 0 } : record);
  }
}

type Loop = StepRecord & { status: 'loop' };

function extend(loop: Loop, more: Loop): void {
  loop.next = more.next;
  loop.begun = more.begun;
  loop.items.push(...more.items);
  loop.errors.push(...more.errors);
  Object.assign(loop.named, more.named);
  for (const [count, n] of Object.entries(more.tallies)) {
    loop.tallies[count] = (loop.tallies[count] ?? 0) + n;
  }
}
